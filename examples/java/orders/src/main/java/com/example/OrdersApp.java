package com.example;

import io.github.cdkbluegreen.pythonpipeline.AlertChannel;
import io.github.cdkbluegreen.pythonpipeline.BlueGreenPythonPipeline;
import io.github.cdkbluegreen.pythonpipeline.PipelineAlertsOptions;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;

public final class OrdersApp {
  public static void main(final String[] args) {
    App app = new App();
    Stack stack = new Stack(app, "OrdersStack");

    BlueGreenPythonPipeline.Builder.create(stack, "Orders")
        .environmentSuffix("dev")
        .alerts(PipelineAlertsOptions.builder()
            .channels(List.of(AlertChannel.email("devops@example.com")))
            .build())
        .build();

    app.synth();
  }
}
