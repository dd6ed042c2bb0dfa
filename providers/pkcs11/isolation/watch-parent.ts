/**
 * A thread of the process of the module: ends that process when its parent has ended. The process itself would not
 * notice while the module holds it in a call that never returns.
 */
import { workerData } from 'node:worker_threads'

const INTERVAL = 1_000
const parent = workerData as number

setInterval(() => {
  if (process.ppid !== parent || !isAlive(parent)) process.kill(process.pid, 'SIGKILL')
}, INTERVAL)

/** Windows tells the number of a parent that is gone, too. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
