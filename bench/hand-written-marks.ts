import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { allow, BaseStack } from './hand-written-base';

/** The image marks of the hand-written stack: the live image gets a tag after each deployment. */
export abstract class MarksStack extends BaseStack {
  protected createMarks(
    service: ecs.FargateService, images: ecr.Repository, group: codedeploy.EcsDeploymentGroup,
  ): void {
    const record = new ssm.StringParameter(this, 'LiveImages', { parameterName: `/${this.named('live-images')}`, stringValue: 'none' });
    const machine = new sfn.StateMachine(this, 'Marks', {
      stateMachineName: this.named('image-marks'),
      role: this.createRole('MarksRole', 'image-marks', new iam.ServicePrincipal('states.amazonaws.com'), [
        allow(['ecs:DescribeServices'], [service.serviceArn]),
        allow(['ecs:DescribeTaskDefinition'], ['*']),
        allow(['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecr:PutImage', 'ecr:BatchDeleteImage'], [images.repositoryArn]),
        allow(['ssm:GetParameter', 'ssm:PutParameter'], [record.parameterArn]),
      ]),
      definitionBody: sfn.DefinitionBody.fromChainable(this.defineMarks(service, images, record)),
    });
    new events.Rule(this, 'Released', {
      ruleName: this.named('image-marks'),
      eventPattern: {
        source: ['aws.codedeploy'],
        detailType: ['CodeDeploy Deployment State-change Notification'],
        resources: [group.deploymentGroupArn],
        detail: { state: ['SUCCESS'] },
      },
      targets: [new targets.SfnStateMachine(machine, {
        role: this.createRole('MarksStartRole', 'image-marks-start', new iam.ServicePrincipal('events.amazonaws.com'),
          [allow(['states:StartExecution'], [machine.stateMachineArn])]),
      })],
    });
    new cloudwatch.Alarm(this, 'MarksAlarm', {
      alarmName: this.named('image-marks'), metric: machine.metricFailed(), threshold: 1, evaluationPeriods: 1,
    });
  }

  private defineMarks(
    service: ecs.FargateService, images: ecr.Repository, record: ssm.StringParameter,
  ): sfn.IChainable {
    const call = (id: string, api: string, action: string, parameters: { [name: string]: unknown }) =>
      new tasks.CallAwsService(this, `Marks${id}`, {
        service: api, action, parameters, iamResources: ['*'], resultPath: `$.${id}`,
      });
    const repository = { RepositoryName: images.repositoryName };
    return call('Service', 'ecs', 'describeServices', { Cluster: service.cluster.clusterArn, Services: [service.serviceArn] })
      .next(call('Task', 'ecs', 'describeTaskDefinition', { TaskDefinition: sfn.JsonPath.stringAt('$.Service.Services[0].TaskSets[0].TaskDefinition') }))
      .next(call('Image', 'ecr', 'batchGetImage', {
        ...repository,
        ImageIds: [{
          ImageDigest: sfn.JsonPath.arrayGetItem(
            sfn.JsonPath.stringSplit(sfn.JsonPath.stringAt('$.Task.TaskDefinition.ContainerDefinitions[0].Image'), '@'), 1,
          ),
        }],
      }))
      .next(call('Mark', 'ecr', 'putImage', {
        ...repository,
        ImageManifest: sfn.JsonPath.stringAt('$.Image.Images[0].ImageManifest'),
        ImageTag: sfn.JsonPath.format('live-{}', sfn.JsonPath.uuid()),
      }))
      .next(call('Record', 'ssm', 'putParameter', {
        Name: record.parameterName, Overwrite: true, Value: sfn.JsonPath.stringAt('$.Image.Images[0].ImageId.ImageDigest'),
      }));
  }
}
