import type { Schemas } from '../api';

type Figures = Schemas['SummaryFigures'];

/** A share that hides nothing: how many, of how many, and of how many nobody can know. */
export interface Rate {
  numerator: number;
  denominator: number;
  unknown: number;
}

/** Over the mails whose reading can be seen at all. */
export function readRate(figures: Figures): Rate {
  return { numerator: figures.read, denominator: tracked(figures), unknown: figures.unknown };
}

export function clickRate(figures: Figures): Rate {
  return { numerator: figures.clicked, denominator: tracked(figures), unknown: 0 };
}

/** Over all that was delivered: an answer shows without tracking. */
export function replyRate({ replied, delivered }: Figures): Rate {
  return { numerator: replied, denominator: delivered, unknown: 0 };
}

function tracked({ delivered, not_tracked }: Figures): number {
  return delivered - not_tracked;
}

/** What became of each delivered mail. The parts add up to what was delivered. */
export function partsOf(figures: Figures) {
  const { read, unknown, machine, not_tracked } = figures;
  const silent = Math.max(tracked(figures) - read - unknown - machine, 0);
  return { read, unknown, machine, silent, not_tracked };
}

/** "12 of 40 read; 9 unknown". */
export function inWords({ numerator, denominator, unknown }: Rate, verb: string): string {
  const known = `${count(numerator)} of ${count(denominator)} ${verb}`;
  return unknown > 0 ? `${known}; ${count(unknown)} unknown` : known;
}

/** "30 %"; a dash when there is nothing to divide by. */
export function percent({ numerator, denominator }: Rate): string {
  return denominator === 0 ? '–' : `${String(Math.round((numerator / denominator) * 100))} %`;
}

/** The parts of the whole in percent: surely so, unknown, and no sign. They add up to 100, or all are 0. */
export function shares({ numerator, denominator, unknown }: Rate) {
  if (denominator === 0) return { sure: 0, unknown: 0, silent: 0 };
  const sure = (Math.min(numerator, denominator) / denominator) * 100;
  const unclear = Math.min((unknown / denominator) * 100, 100 - sure);
  return { sure, unknown: unclear, silent: 100 - sure - unclear };
}

function count(value: number): string {
  return value.toLocaleString('en');
}
