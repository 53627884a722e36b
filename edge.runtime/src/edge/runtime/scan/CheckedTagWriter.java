// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.access.AccessDeniedException;
import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.device.DeviceException;
import edge.api.device.Quality.Reason;
import edge.api.device.Tag;
import edge.api.device.TagWriter;
import edge.api.value.Value;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Checks, asks the device, waits a bounded time, audits. */
@Component
public final class CheckedTagWriter implements TagWriter {
    static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int MAX_AUDITED_VALUE = 100;

    private final TagStore table;
    private final Schedule schedule;
    private final WritePermissions permissions;
    private final AuditLog audit;

    @Activate
    public CheckedTagWriter(@Reference TagStore table, @Reference ScanTimer timer, @Reference WritePermissions permissions,
        @Reference AuditLog audit) {
        this(table, timer.schedule(), permissions, audit);
    }

    CheckedTagWriter(TagStore table, Schedule schedule, WritePermissions permissions, AuditLog audit) {
        this.table = table;
        this.schedule = schedule;
        this.permissions = permissions;
        this.audit = audit;
    }

    @Override
    public CompletionStage<Void> write(String device, String tag, Value value, Caller caller) {
        Attempt attempt = new Attempt(caller, device + "/" + tag + " = " + shortText(value));
        try {
            ask(device, tag, value, caller, attempt);
        } catch (DeviceException | AccessDeniedException | IllegalArgumentException e) {
            attempt.end(e);
        }
        return attempt.outcome;
    }

    @Override
    public CompletionStage<List<Outcome>> writeAll(List<Write> writes, Caller caller) {
        return new WriteBatch(this, writes, caller).begin();
    }

    private void ask(String device, String name, Value value, Caller caller, Attempt attempt)
        throws DeviceException {
        permissions.require(caller, device, name);
        DeviceRecord record = table.find(device);
        if (record == null) {
            throw new IllegalArgumentException("there is no device named " + device);
        }
        int index = record.index(name);
        if (index < 0) {
            throw new IllegalArgumentException("device " + device + " has no tag named " + name);
        }
        Tag tag = record.tag(index);
        if (!tag.access().canWrite()) {
            throw new IllegalArgumentException("tag " + device + "/" + name + " is not configured as writable");
        } else if (value == null || !Values.fits(value, tag.type()) || Values.isNotFinite(value)) {
            throw new IllegalArgumentException("tag " + device + "/" + name + " takes a value of type " + tag.type().label()
                + ", not " + shortText(value));
        }
        DeviceScanner scanner = record.scanner();
        if (scanner == null) {
            throw new DeviceException(Reason.PAUSED, "the driver of device " + device + " is stopped or being replaced");
        } else if (!scanner.takeWrite(index)) {
            throw new DeviceException(Reason.REJECTED, "tag " + device + "/" + name + " is written more than "
                + WriteLimit.PER_SECOND + " times a second");
        }
        Schedule.Entry timeout = schedule.at(schedule.now() + TIMEOUT_NANOS, (now, missed) ->
            attempt.end(new DeviceException(Reason.TIMEOUT, "device " + device + " has not confirmed writing "
                + name + " within 5 s; whether it was written is not known")));
        try {
            CompletionStage<Void> stage = scanner.write(tag, value);
            if (stage == null) {
                throw new IllegalStateException("it gave no stage to wait for");
            }
            stage.whenComplete((done, failure) -> {
                schedule.cancel(timeout);
                scanner.scanSoon(index);
                attempt.end(failure == null ? null : failure(record, name, failure));
            });
        } catch (Throwable e) { // whatever a driver throws is this write's failure and nobody else's
            schedule.cancel(timeout);
            attempt.end(failure(record, name, e));
        }
    }

    private static DeviceException failure(DeviceRecord device, String tag, Throwable failure) {
        if (Failures.cause(failure) instanceof DeviceException known) {
            return known;
        }
        return new DeviceException(Reason.DRIVER_FAULT, "driver " + device.info().driver() + " failed to write "
            + device.name() + "/" + tag + ": " + Failures.cause(failure));
    }

    private static String shortText(Value value) {
        if (value instanceof Value.Text text && text.value().length() > MAX_AUDITED_VALUE) {
            return text.value().substring(0, MAX_AUDITED_VALUE) + "…";
        } else if (value instanceof Value.Bytes bytes && bytes.value().length > MAX_AUDITED_VALUE / 2) {
            return bytes.value().length + " bytes";
        }
        return String.valueOf(value);
    }

    /** One write. It ends once: in the audit first, then for the caller. */
    private final class Attempt {
        private final CompletableFuture<Void> outcome = new CompletableFuture<>();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final Caller caller;
        private final String subject;

        private Attempt(Caller caller, String subject) {
            this.caller = caller;
            this.subject = subject;
        }

        /** @param failure null if it was written */
        private void end(Exception failure) {
            if (!ended.compareAndSet(false, true)) {
                return;
            }
            audit.record(caller, "write tag", subject, failure == null ? "done" : "refused: " + Failures.text(failure));
            if (failure == null) {
                outcome.complete(null);
            } else {
                outcome.completeExceptionally(failure);
            }
        }
    }
}
