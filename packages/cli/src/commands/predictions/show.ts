import { predictionId } from '../../arguments.ts';
import { answer, short, measure, time, value } from '../../terminal/format.ts';
import { facts } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

export const showPrediction: Verb = (command, { client, paint, show, inProject }) =>
  command.argument('<prediction>', 'Its id', predictionId).action(async (id: string) => {
    const found = await client.predictions.get({ params: { ...(await inProject()), predictionId: id } });
    const { prediction, feedback } = found;
    show(found, () =>
      facts(
        {
          id: prediction.id,
          endpoint: prediction.endpoint,
          outcome: `${prediction.outcome} (${prediction.status})`,
          error: prediction.error,
          inputs: answer(prediction.inputs),
          outputs: answer(prediction.outputs),
          model: prediction.digest ? short(prediction.digest) : null,
          'event time': time(prediction.eventTime),
          'arrival time': time(prediction.arrivalTime),
          latency: `${measure(prediction.latencyMs)} ms`,
          unit: prediction.unit,
          subject: prediction.subject,
          'your id': prediction.clientId,
          feedback: feedback.map(({ label, by, arrivalTime }) => `${value(label)} by ${by}, ${time(arrivalTime)}`).join('; '),
        },
        paint,
      ),
    );
  });
