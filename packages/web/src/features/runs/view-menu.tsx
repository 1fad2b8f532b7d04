import { Button, Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import type { RunsSearch } from './runs-search.ts';
import { readViews, type SavedView, withView, writeViews } from './saved-views.ts';
import { useRunsWords } from './use-runs-words.ts';

export const ViewMenu = ({ project, search }: { project: string; search: RunsSearch }) => {
  const words = useRunsWords();
  const navigate = useNavigate({ from: '/p/$project/runs' });
  const [views, setViews] = useState(() => readViews(localStorage, project));
  const [name, setName] = useState<string>();
  const keep = (next: SavedView[]) => {
    writeViews(localStorage, project, next);
    setViews(next);
  };
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button variant="default">{words.views.title}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.map((view) => (
            <Menu.Item key={view.name} onClick={() => void navigate({ search: view.search })}>
              <span className="run-clip" dir="auto">
                {view.name}
              </span>
            </Menu.Item>
          ))}
          {views.length === 0 && <div className="view-none">{words.views.none}</div>}
          <Menu.Divider />
          <Menu.Item onClick={() => setName('')}>{words.views.save}</Menu.Item>
          {views.map((view) => (
            <Menu.Item key={view.name} color="red" onClick={() => keep(views.filter((one) => one !== view))}>
              <span className="run-clip" dir="auto">
                {words.views.remove(view.name)}
              </span>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {name !== undefined && (
        <Dialog title={words.views.save} onClose={() => setName(undefined)}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (name.trim() === '') return;
              keep(withView(views, { name: name.trim(), search }));
              setName(undefined);
            }}
          >
            <label className="field">
              {words.views.name}
              <input
                className="text-field"
                autoFocus
                maxLength={80}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <span className="field-hint">{words.views.hint}</span>
            </label>
            <div className="dialog-actions">
              <Button variant="default" onClick={() => setName(undefined)}>
                {words.views.keep}
              </Button>
              <Button type="submit" disabled={name.trim() === ''}>
                {words.views.act}
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
};
