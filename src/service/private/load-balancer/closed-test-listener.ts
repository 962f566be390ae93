import { DeploymentTestListener, DeploymentTestListenerConfig } from '../../deployment-test-listener';

const PORT = 9000;

/** A test listener for hooks only, which allow their own access. */
export class ClosedTestListener extends DeploymentTestListener {
  public bind(): DeploymentTestListenerConfig {
    return { port: PORT, peers: [] };
  }
}
