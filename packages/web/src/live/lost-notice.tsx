import { Button } from '@mantine/core';
import { useI18n } from '../i18n/i18n.tsx';
import { Notice } from '../ui/notice.tsx';
import { pollMs } from './use-live-project.ts';

/** The page is as of a moment ago, and says when it asks again. */
export const LostNotice = ({ at, isSilent, onAsk }: { at: number; isSilent: boolean; onAsk: () => void }) => {
  const { t, f } = useI18n();
  const [time, every] = [f.time(at), f.duration(pollMs / 1000)];
  return (
    <Notice
      mark={isSilent ? 'broken' : 'attention'}
      title={isSilent ? t.live.silentTitle : t.live.lostTitle}
      body={isSilent ? t.live.silentBody(time, every) : t.live.lostBody(time, every)}
      action={
        <Button variant="default" onClick={onAsk}>
          {t.live.again}
        </Button>
      }
    />
  );
};
