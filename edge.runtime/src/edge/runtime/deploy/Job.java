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
import java.util.concurrent.CompletionStage;

/** A deployment from the moment it is wanted to its report. */
final class Job {
    private final String id = UUID.randomUUID().toString();
    private final Instant time = Instant.now();
    private final Optional<DeploymentRequest> request;
    private final Optional<Long> rollbackTo;
    private final String why;
    private final Caller caller;
    private final CompletableFuture<DeploymentReport> outcome = new CompletableFuture<>();
    private final CompletableFuture<Void> applied = new CompletableFuture<>();
    private final CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    private volatile List<String> uplinks = List.of();
    private volatile String summary;
    private volatile DeploymentState state;

    /**
     * What somebody says about it.
     *
     * @param by who; empty if it is its own time that is over
     * @param keep whether it is to be kept, else undone
     */
    record Verdict(String by, boolean keep) {
    }

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
        if (stage == Stage.PROBATION || stage == Stage.AWAITING_CONFIRMATION) {
            applied.complete(null);
        }
    }

    /** @param given uplinks that the deployment takes away */
    void uplinksBefore(List<String> connected, List<String> given) {
        uplinks = connected.stream().filter(name -> !given.contains(name)).toList();
    }

    /** Those that were connected when it was applied and are not among these. */
    List<String> lostUplinks(List<String> connected) {
        return uplinks.stream().filter(name -> !connected.contains(name)).toList();
    }

    /** Completes when somebody confirms it or wants it undone; the first one counts. */
    CompletionStage<Verdict> verdict() {
        return verdict;
    }

    /**
     * Says it, unless something was said before.
     *
     * @return whether what counts is the same: nobody has said the contrary
     */
    boolean say(Verdict said) {
        return verdict.complete(said) || verdict.join().keep() == said.keep();
    }

    /** Whether it waits: for its turn, for the end of its probation, for somebody. */
    boolean canBeUndone() {
        return switch (state.stage()) {
            case QUEUED, PROBATION, AWAITING_CONFIRMATION -> true;
            default -> false;
        };
    }

    /** Who wants it undone. */
    Optional<String> undoneBy() {
        return Optional.ofNullable(verdict.getNow(null)).filter(said -> !said.keep()).map(Verdict::by);
    }

    void end(DeploymentReport report) {
        outcome.complete(report);
        applied.complete(null);
    }

    Deployment handle() {
        return new Deployment(id, applied.minimalCompletionStage(), outcome.minimalCompletionStage());
    }
}
