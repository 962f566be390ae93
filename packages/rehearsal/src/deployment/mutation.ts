/**
 * A fault of the harness itself, which must turn a scenario red:
 *
 * - `no-drain`: tasks are stopped while the load balancer still sends them requests
 * - `no-replacement`: nothing takes the place of a task that stopped
 * - `no-stop-signal`: tasks are killed at once
 * - `retries`: the load balancer hides lost requests
 * - `wrong-weights`: a shift applies to the other target group
 */
export type Mutation = 'no-drain' | 'no-replacement' | 'no-stop-signal' | 'retries' | 'wrong-weights';
