// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.access.Caller;
import edge.api.deploy.Deployment;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentRequest;
import edge.api.deploy.DeploymentState;
import edge.api.deploy.DeploymentState.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A deployment from the moment it is wanted to its report. */
final class Job {
    private final String id = UUID.randomUUID().toString();
    private final Instant time = Instant.now();
    private final Optional<DeploymentRequest> request;
    private final Optional<Long> rollbackTo;
    private final String why;
    private final Caller caller;
    private final CompletableFuture<DeploymentReport> outcome = new CompletableFuture<>();
    private final CompletableFuture<String> confirmation = new CompletableFuture<>();
    private volatile List<String> uplinks = List.of();
    private volatile String summary;
    private volatile DeploymentState state;

    private Job(Optional<DeploymentRequest> request, Optional<Long> rollbackTo, String why, String summary, Caller caller) {
        this.request = request;
        this.rollbackTo = rollbackTo;
        this.why = why;
        this.caller = caller;
        this.summary = summary;
        stage(Stage.QUEUED, Optional.empty());
    }

    static Job of(DeploymentRequest request, Caller caller) {
        return new Job(Optional.of(request), Optional.empty(), request.why(), Drafter.words(request.changes()), caller);
    }

    /** What has to be done follows from the generation. */
    static Job rollback(long generation, String why, Caller caller) {
        return new Job(Optional.empty(), Optional.of(generation), why, "go back to generation " + generation, caller);
    }

    String id() {
        return id;
    }

    Instant time() {
        return time;
    }

    /** What was asked for; empty if it is to go back to a generation. */
    Optional<DeploymentRequest> request() {
        return request;
    }

    /** The generation to go back to, if that is what is wanted. */
    Optional<Long> rollbackTo() {
        return rollbackTo;
    }

    String why() {
        return why;
    }

    Optional<Duration> probation() {
        return request.flatMap(DeploymentRequest::probation);
    }

    Optional<Duration> confirmWithin() {
        return request.flatMap(DeploymentRequest::confirmWithin);
    }

    Caller caller() {
        return caller;
    }

    String summary() {
        return summary;
    }

    void summary(String text) {
        summary = text;
    }

    DeploymentState state() {
        return state;
    }

    void stage(Stage stage, Optional<Duration> atMost) {
        Instant now = Instant.now();
        state = new DeploymentState(id, caller.name(), summary, stage, now, atMost.map(now::plus));
    }

    void uplinksBefore(List<String> connected) {
        uplinks = List.copyOf(connected);
    }

    /** Those that were connected when it was applied and are not among these. */
    List<String> lostUplinks(List<String> connected) {
        return uplinks.stream().filter(name -> !connected.contains(name)).toList();
    }

    /** Completes when somebody confirms, with who it was. */
    CompletableFuture<String> confirmation() {
        return confirmation;
    }

    void end(DeploymentReport report) {
        outcome.complete(report);
    }

    Deployment handle() {
        return new Deployment(id, outcome.minimalCompletionStage());
    }
}
