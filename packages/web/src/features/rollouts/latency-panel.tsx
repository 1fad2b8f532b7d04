import type { RolloutReport } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { IntervalPlot } from '../../ui/chart/interval-plot.tsx';
import { rangeOf } from '../../ui/chart/scale.ts';
import { Panel } from '../../ui/panel.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { useRolloutWords } from './use-rollout-words.ts';

const marks = { worse: 'broken', 'not worse': 'ok', undecided: 'idle' } as const;

/** How long each variant takes, quantile by quantile, and whether the candidate is slower. */
export const LatencyPanel = ({ report: { arms, latency } }: { report: RolloutReport }) => {
  const { f } = useI18n();
  const { latency: words, arms: armWords, version } = useRolloutWords();
  const all = arms.flatMap(({ latencyMs }) => latencyMs.flatMap(({ estimate, low, high }) => [estimate, low, high]));
  const range = rangeOf([0, ...all]) ?? [0, 1];
  const quantiles = [...new Set(arms.flatMap(({ latencyMs }) => latencyMs.map(({ p }) => p)))].sort((a, b) => a - b);
  const said = (ms: number | null) => (ms === null ? '–' : f.duration(ms / 1000));
  return (
    <Panel title={words.title} note={words.note}>
      <table className="table num">
        <thead>
          <tr>
            <th scope="col">{words.quantile}</th>
            {arms.map(({ arm, version: { version: n } }) => (
              <th key={arm} scope="col">
                {version(n)} <span className="quiet">{armWords[arm]}</span>
              </th>
            ))}
            <th scope="col">{words.ratio}</th>
          </tr>
        </thead>
        <tbody>
          {quantiles.map((p) => {
            const compared = latency.find((one) => one.p === p);
            return (
              <tr key={p}>
                <th scope="row">p{f.number(p * 100)}</th>
                {arms.map(({ arm, latencyMs }) => {
                  const quantile = latencyMs.find((one) => one.p === p);
                  return (
                    <td key={arm}>
                      {quantile ? (
                        <>
                          {said(quantile.estimate)}{' '}
                          <span className="quiet nowrap">
                            {said(quantile.low)} – {quantile.high === null ? '∞' : said(quantile.high)}
                          </span>
                          <IntervalPlot
                            range={range}
                            value={quantile.estimate}
                            low={quantile.low}
                            high={quantile.high}
                            lines={[]}
                            ink={arm}
                          />
                        </>
                      ) : (
                        '–'
                      )}
                    </td>
                  );
                })}
                <td>
                  {compared ? (
                    <span className="with-mark">
                      <StatusMark mark={marks[compared.verdict]} size={13} />
                      <span>
                        {words.verdict[compared.verdict]}{' '}
                        <span className="quiet nowrap">
                          {compared.ratio.low === null ? '0' : f.figure(compared.ratio.low)} –{' '}
                          {compared.ratio.high === null ? '∞' : f.figure(compared.ratio.high)}
                        </span>
                      </span>
                    </span>
                  ) : (
                    '–'
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
};
