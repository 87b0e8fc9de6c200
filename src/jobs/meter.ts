import type { FeatureStepMeter, MeasuredStep, StepMeter } from '../ports/feature.ts';
import type { OpsRow } from '../ports/ledger.ts';
import type { MeasuredWork } from '../ports/metering.ts';
import type { Uses } from '../ports/step.ts';
import { rowOfWork, rowsOfStep } from './rows.ts';
import { JOB_RUNS } from './tables.ts';

/** Rows are written together: forcing each to the disk would cost more than what it tells of. */
const TOGETHER = 500;

/** Writes `ops.job_runs`. */
export const openMeter: FeatureStepMeter['open'] = async (lake, run) => new JobMeter(lake, run);

class JobMeter implements StepMeter {
  readonly #lake: Uses<'clock' | 'ledger' | 'target'>;
  readonly #run: string;
  readonly #began: number;
  readonly #cpu = process.cpuUsage();
  readonly #before = process.resourceUsage();
  #rows: OpsRow[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(lake: Uses<'clock' | 'ledger' | 'target'>, run: string) {
    this.#lake = lake;
    this.#run = run;
    this.#began = lake.platform.clock.now();
  }

  step(step: MeasuredStep): void {
    this.#take(rowsOfStep(this.#run, step));
  }

  work(work: MeasuredWork): void {
    this.#take([rowOfWork(this.#run, work)]);
  }

  async flush(): Promise<void> {
    if (this.#lake.platform.target === 'local') this.#rows.push(this.#ofProcess());
    this.#write();
    await this.#writing;
  }

  #take(rows: readonly OpsRow[]): void {
    this.#rows.push(...rows);
    if (this.#rows.length >= TOGETHER) this.#write();
  }

  /** One write after another. Where one fails, so does `flush`, and the rows are lost: nobody waits for them. */
  #write(): void {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length === 0) return;
    const before = this.#writing;
    this.#writing = before.then(() => this.#lake.platform.ledger.append(JOB_RUNS.name, rows));
    // It is told of by `flush`.
    this.#writing.catch(() => undefined);
  }

  /** What the system has counted of this process, which on one machine is the whole run. */
  #ofProcess(): OpsRow {
    const now = this.#lake.platform.clock.now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const { maxRSS, fsRead, fsWrite } = process.resourceUsage();
    const cpuMs = Math.round((user + system) / 1000);
    const ran = now - this.#began;
    return {
      id: `${this.#run}/run`,
      run: this.#run,
      job: 'run',
      kind: 'run',
      engine: 'lake',
      started_at: new Date(this.#began).toISOString(),
      ran_ms: ran,
      cpu_ms: cpuMs,
      // The system counts in blocks of 512 bytes: https://docs.libuv.org/en/v1.x/misc.html#c.uv_rusage_t
      bytes_in: (fsRead - this.#before.fsRead) * 512,
      bytes_out: (fsWrite - this.#before.fsWrite) * 512,
      peak_memory_bytes: maxRSS * 1024,
    };
  }
}
