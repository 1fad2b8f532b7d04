import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';

/** One button: choosing what the system has anyway means following the system again. */
export const ColorSchemeSwitch = () => {
  const { t } = useI18n();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const other = scheme === 'light' ? 'dark' : 'light';
  const label = other === 'dark' ? t.app.toDark : t.app.toLight;
  const choose = () => {
    const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
    setColorScheme(other === system ? 'auto' : other);
  };
  return (
    <Tooltip label={label}>
      <ActionIcon size="lg" onClick={choose} aria-label={label}>
        <Icon name={other === 'dark' ? 'moon' : 'sun'} size={17} />
      </ActionIcon>
    </Tooltip>
  );
};
