/** What two threads tell each other without messages, since a thread inside ONNX Runtime reads none. */
export type Signals = Int32Array<SharedArrayBuffer>;
const [stop, busy] = [0, 1];

export const createSignals = (): Signals => new Int32Array(new SharedArrayBuffer(8));

/** Asks for an end after the run at hand, or takes that back. */
export const askToStop = (signals: Signals, value: boolean): void => void Atomics.store(signals, stop, Number(value));
export const isStopping = (signals: Signals): boolean => Atomics.load(signals, stop) === 1;

export const setIdle = (signals: Signals, value: boolean): void => {
  Atomics.store(signals, busy, Number(!value));
  Atomics.notify(signals, busy);
};

/** Blocks until the thread is idle, or so long. */
export const waitUntilIdle = (signals: Signals, ms: number): void => void Atomics.wait(signals, busy, 1, ms);
