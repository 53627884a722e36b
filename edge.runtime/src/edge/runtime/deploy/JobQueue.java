// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.access.AccessDeniedException;
import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.deploy.Deployment;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.deploy.DeploymentState;
import edge.json.JsonWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deployments on their way, one at a time, on the thread {@code edge-deploy}. So many may wait; more are refused. Only engineers
 * change anything. Any thread.
 */
final class JobQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobQueue.class);
    private static final int WAITING = 16;
    private static final long CLOSE_SECONDS = 5;
    private static final String ACTION = "deploy";

    private final Workshop shop;
    private final AuditLog audit;
    private final ThreadPoolExecutor executor;
    private final ConcurrentLinkedQueue<Job> jobs = new ConcurrentLinkedQueue<>();

    JobQueue(Workshop shop, AuditLog audit) {
        this.shop = shop;
        this.audit = audit;
        this.executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), work -> {
            Thread thread = new Thread(work, "edge-deploy");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Whether nothing waits and nothing is under way. */
    boolean isIdle() {
        return executor.getQueue().isEmpty() && jobs.isEmpty();
    }

    /**
     * Does something between two deployments.
     *
     * @throws RejectedExecutionException if too many wait, or the gateway stops
     */
    void between(Runnable work) {
        executor.execute(work);
    }

    Deployment take(Job job) {
        requireEngineer(job.caller(), job.summary());
        jobs.add(job);
        try {
            executor.execute(() -> carryOut(job));
        } catch (RejectedExecutionException e) {
            end(job, report(job, Outcome.REFUSED, executor.isShutdown() ? "The gateway stops."
                : WAITING + " other deployments wait already: try again later.", Duration.ZERO));
        }
        return job.handle();
    }

    private void requireEngineer(Caller caller, String summary) {
        if (!caller.may(Role.ENGINEER)) {
            AccessDeniedException denied = new AccessDeniedException(caller, "change bundles", Role.ENGINEER);
            audit.record(caller, ACTION, summary, "refused: " + denied.getMessage());
            throw denied;
        }
    }

    List<DeploymentState> running() {
        return jobs.stream().map(Job::state).toList();
    }

    private Optional<Job> find(String id) {
        return jobs.stream().filter(job -> job.id().equals(id)).findFirst();
    }

    /** @return why it cannot be confirmed, empty if it is */
    Optional<String> confirm(String id, Caller caller) {
        requireEngineer(caller, "confirm " + id);
        Optional<Job> job = find(id).filter(one -> one.state().stage() == DeploymentState.Stage.AWAITING_CONFIRMATION);
        if (job.isEmpty()) {
            return Optional.of("There is no deployment of that name that awaits a confirmation.");
        }
        List<String> lost = job.get().lostUplinks(shop.connectedUplinks());
        if (!lost.isEmpty()) {
            return Optional.of("The uplink " + String.join(", ", lost) + " was connected before and is not connected now.");
        }
        if (!job.get().say(new Job.Verdict(caller.name(), true))) {
            return Optional.of("It is being undone already.");
        }
        audit.record(caller, ACTION, "confirm " + job.get().summary(), "done");
        return Optional.empty();
    }

    /** @return why it cannot be undone, empty if it is */
    Optional<String> undo(String id, Caller caller) {
        requireEngineer(caller, "undo " + id);
        Optional<Job> job = find(id);
        if (job.isEmpty()) {
            return Optional.of("There is no deployment of that name under way. Go back to a kept generation instead.");
        } else if (!job.get().canBeUndone()) {
            return Optional.of("It is being " + (job.get().state().stage() == DeploymentState.Stage.ROLLING_BACK
                ? "undone already." : "applied: try again in a moment."));
        } else if (!job.get().say(new Job.Verdict(caller.name(), false))) {
            return Optional.of("It is kept already. Go back to a kept generation instead.");
        }
        audit.record(caller, ACTION, "undo " + job.get().summary(), "done");
        return Optional.empty();
    }

    private void carryOut(Job job) {
        long start = System.nanoTime();
        Transaction transaction = new Transaction(shop, job);
        DeploymentReport report;
        try {
            Transaction.Result result = transaction.run();
            report = new DeploymentReport(job.id(), job.time(), job.caller().name(), job.why(), job.summary(),
                result.outcome(), result.detail(), result.findings(), result.generation(), result.took());
        } catch (RuntimeException | LinkageError e) {
            LOG.error("A deployment failed unexpectedly: {}", job.summary(), e);
            report = report(job, Outcome.FAILED, "Unexpectedly: " + e, Duration.ofNanos(System.nanoTime() - start));
        }
        if (transaction.isUnfinished()) {
            jobs.remove(job);
            job.end(report);
        } else {
            end(job, report);
        }
    }

    private static DeploymentReport report(Job job, Outcome outcome, String detail, Duration took) {
        return new DeploymentReport(job.id(), job.time(), job.caller().name(), job.why(), job.summary(), outcome, detail,
            List.of(), 0, took);
    }

    private void end(Job job, DeploymentReport report) {
        audit.record(job.caller(), ACTION, report.summary(), report.outcome() == Outcome.DONE ? "done"
            : "refused: " + JsonWriter.lower(report.outcome()) + ": " + report.detail());
        shop.tell().accept(report);
        jobs.remove(job);
        job.end(report);
    }

    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("A deployment has not ended after {} s; the next start undoes it", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
