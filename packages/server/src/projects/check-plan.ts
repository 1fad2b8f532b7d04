import { type AppError, invalid, isLogKey, type Plan, type PlannedStep, type PortSpec, type Ref, refsOf } from '@boucle/contract';

/** What the server carries out itself when it commits a step. */
const knownEffects = ['register'];

type Refuse = (message: string, reason: string, details?: Record<string, unknown>) => AppError;

/** Holds a plan against what its schema cannot say: every reference leads somewhere, and to something earlier that fits. */
export const checkPlan = (plan: Plan): void => {
  const refuse: Refuse = (message, reason, details = {}) =>
    invalid(`Pipeline "${plan.pipeline}": ${message}`, reason, { pipeline: plan.pipeline, ...details });
  const params = parametersOf(plan, refuse);
  const steps = new Map<string, PlannedStep>();
  for (const step of plan.steps) {
    if (steps.has(step.id))
      throw refuse(`two steps have the id "${step.id}"; give each a name of its own`, 'step_doubled', { step: step.id });
    steps.set(step.id, step);
  }
  refuseCycle(plan, steps, refuse);

  const done = new Set<string>();
  for (const step of plan.steps) {
    checkEffect(step, refuse);
    checkInputs(step, { plan, steps, done, refuse });
    checkParams(step, params, { plan, steps, done, refuse });
    done.add(step.id);
  }
  for (const [name, ref] of Object.entries(plan.outputs)) {
    if (ref.from === 'param' || (ref.from === 'input' && !own(plan.inputs, ref.name)))
      throw refuse(`its output "${name}" is no output of a step`, 'unknown_output', { output: name });
    if (ref.from === 'step') portOf(ref, { steps, where: `its output "${name}"`, refuse });
  }
};

const parametersOf = ({ params }: Plan, refuse: Refuse): Record<string, unknown> => {
  const { type, properties } = (params ?? {}) as { type?: unknown; properties?: unknown };
  if (type !== 'object' || typeof properties !== 'object' || properties === null)
    throw refuse('its params are not the JSON Schema of an object', 'bad_params_schema');
  for (const name of Object.keys(properties)) checkName(name, `its param "${name}"`, refuse);
  return properties as Record<string, unknown>;
};

/** Runs log their params, so a name has to be one that a Run takes. */
const checkName = (name: string, where: string, refuse: Refuse): void => {
  if (!isLogKey(name))
    throw refuse(`${where} needs another name: letters, digits, _ . - : blanks, and / between them, at most 250`, 'bad_param_name', {
      param: name,
    });
};

/** Said before the order is: "train → evaluate → train" helps more than "evaluate comes later". */
const refuseCycle = (plan: Plan, steps: ReadonlyMap<string, PlannedStep>, refuse: Refuse): void => {
  const cleared = new Set<string>();
  const path: string[] = [];
  const follow = (step: PlannedStep): void => {
    if (cleared.has(step.id)) return;
    const seenAt = path.indexOf(step.id);
    if (seenAt >= 0) {
      const cycle = [...path.slice(seenAt), step.id];
      throw refuse(`its steps wait for each other in a circle: ${cycle.join(' → ')}`, 'plan_cycle', { cycle });
    }
    path.push(step.id);
    for (const ref of refsOf(step)) {
      const before = ref.from === 'step' && steps.get(ref.id);
      if (before) follow(before);
    }
    path.pop();
    cleared.add(step.id);
  };
  plan.steps.forEach(follow);
};

const checkEffect = ({ id, code }: PlannedStep, refuse: Refuse): void => {
  if ('effect' in code && !knownEffects.includes(code.effect)) {
    throw refuse(`step "${id}" asks for the effect "${code.effect}"; known are: ${knownEffects.join(', ')}`, 'unknown_effect', {
      step: id,
    });
  }
};

interface Around {
  readonly plan: Plan;
  readonly steps: ReadonlyMap<string, PlannedStep>;
  /** The ids of the steps before this one. */
  readonly done: ReadonlySet<string>;
  readonly refuse: Refuse;
}

const checkInputs = (step: PlannedStep, around: Around): void => {
  const { refuse } = around;
  for (const name of Object.keys(step.inputs)) {
    if (!own(step.ports.inputs, name))
      throw refuse(`step "${step.id}" has no input "${name}"`, 'unknown_input', { step: step.id, input: name });
  }
  for (const [name, port] of Object.entries(step.ports.inputs)) {
    const refs = own(step.inputs, name) ?? [];
    const details = { step: step.id, input: name };
    // A list may be empty: the first trial of a search has none before it.
    if (refs.length === 0 && !(port.many && own(step.inputs, name)))
      throw refuse(`input "${name}" of step "${step.id}" is given nothing`, 'missing_input', details);
    if (refs.length > 1 && !port.many)
      throw refuse(`input "${name}" of step "${step.id}" takes one thing, not ${refs.length}`, 'too_many_inputs', details);
    for (const ref of refs) checkFit(ref, port, { ...around, where: `input "${name}" of step "${step.id}"`, details });
  }
};

const checkFit = (
  ref: Ref,
  port: PortSpec,
  { plan, steps, done, refuse, where, details }: Around & { where: string; details: Record<string, unknown> },
): void => {
  if (ref.from === 'param') throw refuse(`${where} is given the parameter "${ref.name}"; inputs take artifacts`, 'port_mismatch', details);
  if (ref.from === 'input' && !own(plan.inputs, ref.name))
    throw refuse(`${where} names the pipeline's input "${ref.name}", which is not there`, 'missing_input', details);
  const kind = ref.from === 'step' ? portOf(ref, { steps, where, refuse }).kind : 'table';
  if (kind !== port.kind) throw refuse(`${where} takes a ${port.kind}, and is given a ${kind}`, 'port_mismatch', details);
  if (ref.from === 'step' && !done.has(ref.id))
    throw refuse(`${where} comes from step "${ref.id}", which stands later in the plan`, 'plan_out_of_order', details);
};

/** The output that a reference leads to. */
const portOf = (
  { id, output }: Extract<Ref, { from: 'step' }>,
  { steps, where, refuse }: { steps: ReadonlyMap<string, PlannedStep>; where: string; refuse: Refuse },
): PortSpec => {
  const step = steps.get(id);
  if (!step) throw refuse(`${where} comes from step "${id}", which is not in the plan`, 'unknown_step', { step: id });
  const port = own(step.ports.outputs, output);
  if (!port)
    throw refuse(`${where} is the output "${output}" of step "${id}", which has no such output`, 'unknown_output', { step: id, output });
  return port;
};

const checkParams = (step: PlannedStep, declared: Record<string, unknown>, around: Around): void => {
  const { refuse } = around;
  const value: PortSpec = { kind: 'value' };
  for (const [name, param] of Object.entries(step.params)) {
    checkName(name, `param "${name}" of step "${step.id}"`, refuse);
    if (!('from' in param)) continue;
    const details = { step: step.id, param: name };
    const where = `param "${name}" of step "${step.id}"`;
    // What a step found, such as the settings that a search suggests, may be the parameter of another.
    if (param.from === 'step') checkFit(param, value, { ...around, where, details });
    else if (param.from === 'input') throw refuse(`${where} takes a value, no artifact`, 'port_mismatch', details);
    else if (!own(declared, param.name))
      throw refuse(`${where} is the parameter "${param.name}", which the pipeline does not have`, 'unknown_param', details);
  }
};

/** Names come from users: `constructor` is none of the object's own. */
const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
