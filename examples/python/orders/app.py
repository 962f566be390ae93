from aws_cdk import App, Stack
from cdk_blue_green_python_pipeline import AlertChannel, BlueGreenPythonPipeline, PipelineAlertsOptions

app = App()
stack = Stack(app, "OrdersStack")

BlueGreenPythonPipeline(
    stack,
    "Orders",
    environment_suffix="dev",
    alerts=PipelineAlertsOptions(channels=[AlertChannel.email("devops@example.com")]),
)

app.synth()
