import type { Usage, Utilisation } from '../../../ports/metering.ts';

/**
 * What the event log of a Spark application tells: lines of JSON, an event each. Durations are milliseconds, processor
 * time nanoseconds. https://spark.apache.org/docs/latest/monitoring.html#executor-task-metrics
 */
export class EventLog {
  readonly #executors = new Map<string, Executor>();
  readonly #stages = new Map<number, number[]>();
  #ended = 0;
  #ran = 0;
  #cpuMs = 0;
  #garbageMs = 0;
  #tasks = 0;
  #failed = 0;
  #peak = 0;
  #heap = 0;
  #memory = 0;
  #spilled = 0;
  #read = { bytes: 0, rows: 0 };
  #written = { bytes: 0, rows: 0 };

  /** Takes the next line. One that was cut short is no event. */
  line(line: string): void {
    if (!line.includes('"SparkListener')) return;
    const event = parsed(line);
    if (event) this.#take(event);
  }

  #take(event: Fields): void {
    const at = numberOf(event, 'Timestamp');
    switch (event.Event) {
      case 'SparkListenerApplicationEnd':
        this.#ended = at;
        break;
      case 'SparkListenerExecutorAdded': {
        const cores = numberOf(of(event, 'Executor Info'), 'Total Cores');
        this.#executors.set(String(event['Executor ID']), { cores, from: at });
        break;
      }
      case 'SparkListenerExecutorRemoved': {
        const executor = this.#executors.get(String(event['Executor ID']));
        if (executor) executor.to = at;
        break;
      }
      case 'SparkListenerBlockManagerAdded':
        this.#memory = Math.max(this.#memory, numberOf(event, 'Maximum Memory'));
        break;
      case 'SparkListenerTaskEnd':
        this.#task(event);
        break;
    }
  }

  #task(event: Fields): void {
    const [info, metrics] = [of(event, 'Task Info'), of(event, 'Task Metrics')];
    this.#tasks += 1;
    if (info.Failed === true) this.#failed += 1;
    const ran = numberOf(metrics, 'Executor Run Time');
    this.#ran += ran;
    this.#cpuMs += numberOf(metrics, 'Executor CPU Time') / 1e6;
    this.#garbageMs += numberOf(metrics, 'JVM GC Time');
    this.#peak = Math.max(this.#peak, numberOf(metrics, 'Peak Execution Memory'));
    this.#heap = Math.max(this.#heap, numberOf(of(event, 'Task Executor Metrics'), 'JVMHeapMemory'));
    this.#spilled += numberOf(metrics, 'Disk Bytes Spilled');
    const [input, output] = [of(metrics, 'Input Metrics'), of(metrics, 'Output Metrics')];
    this.#read.bytes += numberOf(input, 'Bytes Read');
    this.#read.rows += numberOf(input, 'Records Read');
    this.#written.bytes += numberOf(output, 'Bytes Written');
    this.#written.rows += numberOf(output, 'Records Written');
    this.#ended = Math.max(this.#ended, numberOf(info, 'Finish Time'));
    const stage = numberOf(event, 'Stage ID');
    const times = this.#stages.get(stage);
    if (times) times.push(ran);
    else this.#stages.set(stage, [ran]);
  }

  /** The time that cores were there for tasks, ms. */
  #coreMs(): number {
    const all = [...this.#executors.values()];
    return all.reduce((sum, { cores, from, to }) => sum + cores * Math.max(0, (to ?? this.#ended) - from), 0);
  }

  /** All that the log tells; nothing where it tells of no task. */
  usage(): Usage & Utilisation {
    if (this.#tasks === 0) return {};
    const coreMs = this.#coreMs();
    const held = Math.max(this.#peak, this.#heap);
    const skew = Math.max(0, ...[...this.#stages.values()].map(skewOf));
    return {
      tasks: this.#tasks,
      failedTasks: this.#failed,
      cpuMs: this.#cpuMs,
      spilledBytes: this.#spilled,
      ...(this.#read.bytes > 0 ? { bytesIn: this.#read.bytes, rowsIn: this.#read.rows } : {}),
      // Sinks such as Iceberg report what they have written in another way, and here nothing.
      ...(this.#written.bytes > 0 ? { bytesOut: this.#written.bytes, rowsOut: this.#written.rows } : {}),
      ...(held > 0 ? { peakMemoryBytes: held } : {}),
      ...(held > 0 && this.#memory > 0 ? { memoryShare: Math.min(1, held / this.#memory) } : {}),
      ...(this.#ran > 0 ? { gcShare: Math.min(1, this.#garbageMs / this.#ran) } : {}),
      ...(coreMs > 0
        ? {
            cpuShare: Math.min(1, this.#cpuMs / coreMs),
            idleShare: Math.max(0, 1 - this.#ran / coreMs),
          }
        : {}),
      ...(skew > 0 ? { skew } : {}),
    };
  }
}

type Fields = { readonly [field: string]: unknown };

function parsed(line: string): Fields | undefined {
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return undefined;
  }
}

const of = (fields: unknown, name: string): Fields =>
  ((fields as Fields | undefined)?.[name] ?? {}) as Fields;
const numberOf = (fields: Fields, name: string): number => {
  const value = fields[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
};

interface Executor {
  readonly cores: number;
  readonly from: number;
  to?: number;
}

/** Stages of fewer tasks have no skew, and none whose longest task is shorter. */
const TASKS_OF_A_STAGE = 4;
const LONG_TASK_MS = 5_000;

/** The longest task of a stage as a multiple of the median; 0 where a stage is too small to have one. */
function skewOf(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  const longest = sorted.at(-1) ?? 0;
  if (sorted.length < TASKS_OF_A_STAGE || longest < LONG_TASK_MS) return 0;
  return longest / Math.max(1, sorted[Math.floor(sorted.length / 2)]!);
}
