import { Skeleton } from '@mantine/core';
import { useI18n } from '../../i18n/i18n.tsx';

/** The shape of what will come, so that nothing jumps when it does. */
export const OverviewSkeleton = () => {
  const { t } = useI18n();
  return (
    <div aria-busy="true" role="status" aria-label={t.app.loading}>
      <Skeleton height={24} width={140} mb={10} />
      <Skeleton height={12} width={320} mb={26} />
      <div className="overview-top">
        <Skeleton height={460} radius="lg" />
        <Skeleton height={460} radius="lg" />
      </div>
    </div>
  );
};
