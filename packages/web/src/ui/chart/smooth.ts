/**
 * A moving average that forgets at a rate, without the pull towards zero at its start. A gap stays one, and the average goes on behind it.
 * Weight 0 gives the values as they are.
 */
export const smooth = (values: readonly (number | null)[], weight: number): (number | null)[] => {
  let [average, mass] = [0, 0];
  return values.map((value) => {
    if (value === null) return null;
    average = weight * average + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return average / mass;
  });
};
