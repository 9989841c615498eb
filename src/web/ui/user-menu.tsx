import { Button, Menu, useMantineColorScheme } from '@mantine/core';
import {
  IconCheck,
  IconChevronDown,
  IconKey,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
  IconSunMoon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Language, User } from '../../protocol/common.ts';
import { currentLanguage, setLanguage } from '../i18n/setup.ts';
import { saveLanguage } from '../live/session.ts';
import { shortName } from './format.ts';

const LANGUAGES: readonly { readonly code: Language; readonly name: string }[] = [
  { code: 'pt-BR', name: 'Português' },
  { code: 'en', name: 'English' },
];

/** The signed-in user's menu: colors, language, password, sign-out. */
export function UserMenu(props: {
  readonly user: User;
  readonly signOutLabel: string;
  readonly onSignOut: () => void;
  readonly links?: readonly { readonly path: string; readonly label: string }[];
}) {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = [
    { value: 'auto', label: t('common.colorsAuto'), icon: <IconSunMoon size={16} /> },
    { value: 'light', label: t('common.colorsLight'), icon: <IconSun size={16} /> },
    { value: 'dark', label: t('common.colorsDark'), icon: <IconMoon size={16} /> },
  ] as const;
  return (
    <Menu position="bottom-end" width={230} shadow="md">
      <Menu.Target>
        <Button
          variant="default"
          rightSection={<IconChevronDown size={14} />}
          maw={210}
          style={{ flex: 'none' }}
        >
          {shortName(props.user.name)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {props.links?.map((link) => (
          <Menu.Item key={link.path} component="a" href={link.path}>
            {link.label}
          </Menu.Item>
        ))}
        <Menu.Label>{t('common.colors')}</Menu.Label>
        {schemes.map((scheme) => (
          <Menu.Item
            key={scheme.value}
            leftSection={scheme.icon}
            rightSection={colorScheme === scheme.value ? <IconCheck size={14} /> : null}
            onClick={() => setColorScheme(scheme.value)}
          >
            {scheme.label}
          </Menu.Item>
        ))}
        <Menu.Label>{t('common.language')}</Menu.Label>
        {LANGUAGES.map((language) => (
          <Menu.Item
            key={language.code}
            lang={language.code}
            leftSection={<IconLanguage size={16} />}
            rightSection={currentLanguage() === language.code ? <IconCheck size={14} /> : null}
            onClick={() => {
              setLanguage(language.code);
              void saveLanguage(language.code);
            }}
          >
            {language.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component="a" href="/entrar?senha" leftSection={<IconKey size={16} />}>
          {t('common.changePassword')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={props.onSignOut}>
          {props.signOutLabel}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
