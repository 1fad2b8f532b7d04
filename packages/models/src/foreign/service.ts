import { damaged } from '../package/package-file.ts';

/** A model that a program of somebody else serves: one that is started here, or one that is running somewhere. */
export interface Service {
  /** Open Inference Protocol, or MLflow's scoring. */
  readonly protocol: 'oip' | 'mlflow';
  /** The program and its arguments, in the package's folder; `{port}` is the port to listen at, as is PORT in its environment. */
  readonly command?: readonly string[];
  /** What the paths of the protocol are added to. */
  readonly url?: string;
  /** What the protocol calls the model. */
  readonly model: string;
}

/** The flavor `boucle_service` of MLmodel. */
export const readService = (flavor: unknown): Service => {
  if (typeof flavor !== 'object' || flavor === null) throw damaged('the flavor boucle_service is no object');
  const { protocol, command, url, model = 'model', ...rest } = flavor as Record<string, unknown>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw damaged(`the flavor boucle_service has ${unknown.slice(0, 100)}, which is not known here`);
  if (protocol !== 'oip' && protocol !== 'mlflow') throw damaged('the flavor boucle_service must say "protocol": oip or mlflow');
  if (typeof model !== 'string' || !/^[\w.-]{1,250}$/.test(model)) throw damaged('the flavor boucle_service has a model that is no name');
  if ((command === undefined) === (url === undefined)) throw damaged('the flavor boucle_service must say "command" or "url", one of them');
  if (url !== undefined) {
    if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw damaged('the url of the flavor boucle_service is no address such as https://host/path');
    return { protocol, url: url.replace(/\/+$/, ''), model };
  }
  if (
    !Array.isArray(command) ||
    command.length === 0 ||
    command.length > 1000 ||
    !command.every((part) => typeof part === 'string' && !part.includes('\0'))
  )
    throw damaged('the command of the flavor boucle_service is no list of a program and its arguments');
  return { protocol, command: command as string[], model };
};
