import type { RunPhase, RunSummary, Verdict } from '../api/experiments';
import type { Look } from '../state/language';

const VERDICTS: Record<Verdict, { look: Look; word: string; sentence: string }> = {
  held: { look: 'up', word: 'HELD', sentence: 'The hypothesis held.' },
  deviated: { look: 'down', word: 'DEVIATED', sentence: 'The hypothesis did not hold.' },
  not_steady: {
    look: 'unhealthy',
    word: 'NOT STEADY',
    sentence: 'The system was not steady before, so nothing was injected.',
  },
  halted: { look: 'paused', word: 'HALTED', sentence: 'The run was halted.' },
  failed: { look: 'down', word: 'FAILED', sentence: 'The run could not be carried out.' },
  interrupted: { look: 'unknown', word: 'INTERRUPTED', sentence: 'Whoever carried it out fell silent.' },
};

const PHASES: Record<RunPhase, string> = {
  requested: 'REQUESTED',
  steady_before: 'STEADY BEFORE?',
  method: 'INJECTING',
  rollback: 'ROLLING BACK',
  steady_after: 'STEADY AFTER?',
  ended: 'ENDED',
};

/** A run in one word. */
export function readVerdict(run: Pick<RunSummary, 'phase' | 'verdict'>): { look: Look; word: string } {
  return run.verdict === null ? { look: 'busy', word: PHASES[run.phase] } : VERDICTS[run.verdict];
}

export const sentenceOf = (run: Pick<RunSummary, 'phase' | 'verdict'>): string =>
  run.verdict === null ? 'The run is in progress.' : VERDICTS[run.verdict].sentence;
