import { Button, NativeSelect, Progress, TextInput } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { campaignsView, type ListView, listsView } from '../../protocol/admin.ts';
import type { Problem } from '../../protocol/common.ts';
import { useWords } from '../i18n/codes.ts';
import { useLoaded } from '../live/use-loaded.ts';
import { formatCount, formatMoment, formatShare } from '../ui/format.ts';
import { Empty, Panel } from '../ui/parts.tsx';
import { Scroll } from '../ui/scroll.tsx';
import styles from './admin.module.css';
import { ListDetail } from './list-detail.tsx';
import { Trouble } from './pieces.tsx';
import { uploadList } from './upload.ts';

export function ListsTab() {
  const { t } = useTranslation();
  const campaigns = useLoaded('/api/campaigns', campaignsView);
  const [chosenId, choose] = useState<string>();
  const campaign =
    campaigns.value?.campaigns.find((one) => one.id === chosenId) ?? campaigns.value?.campaigns[0];
  const path = campaign && `/api/campaigns/${encodeURIComponent(campaign.id)}/lists`;
  const lists = useLoaded(path, listsView);
  const [openId, open] = useState<string>();
  // The answer to an upload holds more than the stored list.
  const [sent, keepSent] = useState<ListView>();
  const kept = lists.value?.lists.find((list) => list.id === openId) ?? lists.value?.lists[0];
  const detail = sent !== undefined && sent.id === kept?.id ? sent : kept;
  return (
    <>
      <Trouble text={campaigns.trouble ?? lists.trouble} />
      {campaigns.value?.campaigns.length === 0 && <Empty>{t('admin.lists.noCampaigns')}</Empty>}
      {campaign && (
        <div className={styles.tools}>
          <NativeSelect
            label={t('admin.lists.campaign')}
            value={campaign.id}
            data={
              campaigns.value?.campaigns.map((one) => ({ value: one.id, label: one.name })) ?? []
            }
            onChange={(event) => choose(event.currentTarget.value)}
          />
          <Upload
            key={campaign.id}
            campaignId={campaign.id}
            onDone={(list) => {
              keepSent(list);
              open(list.id);
              void lists.reload();
            }}
            onBroken={() => void lists.reload()}
          />
        </div>
      )}
      {lists.value && (
        <div className={styles.split}>
          <Panel title={t('admin.tabs.lists')} plain>
            <Scroll label={t('admin.tabs.lists')} className={styles.scroll}>
              <ListTable lists={lists.value.lists} openId={detail?.id} onOpen={open} />
            </Scroll>
          </Panel>
          {detail && <ListDetail list={detail} />}
        </div>
      )}
    </>
  );
}

function Upload(props: {
  readonly campaignId: string;
  readonly onDone: (list: ListView) => void;
  /** Called when the upload broke off; rows may have been stored. */
  readonly onBroken: () => void;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const picker = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File>();
  const [name, setName] = useState('');
  const [share, setShare] = useState<number>();
  const [trouble, setTrouble] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!file || share !== undefined) return;
    setTrouble(undefined);
    setShare(0);
    const { campaignId } = props;
    const answer = await uploadList({ campaignId, name: name.trim(), file, onProgress: setShare });
    setShare(undefined);
    if (!answer.ok) {
      setTrouble(troubleOf(answer.problem, words('problem', answer.problem.code)));
      return props.onBroken();
    }
    setFile(undefined);
    setName('');
    if (picker.current) picker.current.value = '';
    props.onDone(answer.value);
  };
  const take = (picked: File | undefined) => {
    setFile(picked);
    if (picked) setName(picked.name.replace(/\.[^.]+$/, '').slice(0, 120));
  };
  return (
    <>
      <form className={styles.tools} onSubmit={(event) => void submit(event)}>
        <input
          ref={picker}
          type="file"
          accept=".csv,.txt,text/csv"
          hidden
          aria-label={t('admin.lists.file')}
          onChange={(event) => take(event.currentTarget.files?.[0])}
        />
        <Button
          variant="default"
          title={t('admin.lists.fileHint')}
          onClick={() => picker.current?.click()}
        >
          {file?.name ?? t('admin.lists.choose')}
        </Button>
        <TextInput
          label={t('admin.lists.name')}
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button
          type="submit"
          leftSection={<IconUpload size={16} />}
          disabled={!file || name.trim() === '' || share !== undefined}
        >
          {t('admin.lists.upload')}
        </Button>
      </form>
      {share !== undefined && (
        <div style={{ width: 260 }} role="status">
          {share < 1
            ? t('admin.lists.sending', { share: formatShare(share, 1, 0) })
            : t('admin.lists.importing')}
          <Progress value={share * 100} animated={share >= 1} />
        </div>
      )}
      <Trouble text={trouble} />
    </>
  );
}

/** The sentence with the columns concerned. */
function troubleOf({ issues }: Problem, sentence: string): string {
  if (!issues) return sentence;
  return `${sentence} (${issues.map((issue) => issue.path).join(', ')})`;
}

function ListTable(props: {
  readonly lists: readonly ListView[];
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
}) {
  const { t } = useTranslation();
  if (props.lists.length === 0) return <Empty>{t('admin.lists.none')}</Empty>;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th>{t('admin.lists.name')}</th>
          <th>{t('admin.lists.started')}</th>
          <th className={styles.number}>{t('admin.lists.read')}</th>
          <th className={styles.number}>{t('admin.lists.created')}</th>
          <th className={styles.number}>{t('admin.lists.updated')}</th>
          <th className={styles.number}>{t('admin.lists.rejected')}</th>
        </tr>
      </thead>
      <tbody>
        {props.lists.map((list) => (
          <tr key={list.id} aria-selected={list.id === props.openId}>
            <td>
              <button type="button" className={styles.link} onClick={() => props.onOpen(list.id)}>
                {list.name}
              </button>
            </td>
            <td className={styles.nowrap}>
              {formatMoment(list.startedAt)}
              {list.finishedAt === null && ` · ${t('admin.lists.running')}`}
              {list.brokenOffBecause !== null && ` · ${t('admin.lists.brokenOffShort')}`}
            </td>
            <td className={styles.number}>{formatCount(list.totals.read)}</td>
            <td className={styles.number}>{formatCount(list.totals.created)}</td>
            <td className={styles.number}>{formatCount(list.totals.updated)}</td>
            <td className={styles.number}>{formatCount(list.totals.rejected)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
