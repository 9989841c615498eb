import { Button } from '@mantine/core';
import i18next from 'i18next';
import { Component, type ReactNode } from 'react';

/**
 * Shows a message after an error in drawing, so that no agent faces an empty page during a call.
 */
export class Boundary extends Component<{ readonly children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <main style={{ display: 'grid', placeItems: 'center', height: '100vh', gap: 16 }}>
        <div style={{ display: 'grid', gap: 16, maxWidth: 480, textAlign: 'center' }}>
          <p>{i18next.t('common.broken')}</p>
          <Button size="md" onClick={() => location.reload()}>
            {i18next.t('common.reload')}
          </Button>
        </div>
      </main>
    );
  }
}
