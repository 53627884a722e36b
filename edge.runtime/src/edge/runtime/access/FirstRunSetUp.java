// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.json.JsonException;
import edge.runtime.base.AtomicFiles;
import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes over what a device maker provided; if that leaves the gateway without an administrator, tells the set-up code. */
final class FirstRunSetUp {
    private static final Logger LOG = LoggerFactory.getLogger(FirstRunSetUp.class);

    private final StoredAccounts accounts;
    private final Path file;
    private final AuditLog audit;

    FirstRunSetUp(StoredAccounts accounts, Path file, AuditLog audit) {
        this.accounts = accounts;
        this.file = file;
        this.audit = audit;
    }

    /** On a thread of its own, because hashing a password takes seconds on a small processor. */
    void start() {
        Thread thread = new Thread(this::run, "edge-access-first-run");
        thread.setDaemon(true);
        thread.start();
    }

    void run() {
        try {
            if (Files.exists(file)) {
                takeOver();
            }
        } catch (JsonException e) {
            LOG.error("{} is not taken over: line {}, column {}: {}{}. Correct it and start the gateway again.", file,
                e.line(), e.column(), e.path().isEmpty() ? "" : e.path() + ": ", e.getMessage());
        } catch (IOException e) {
            LOG.error("{} is not taken over: {}", file, DataDirectory.reason(e));
        } catch (UncheckedIOException e) {
            LOG.error("{} is not taken over: {}", file, e.getMessage());
        }
        accounts.announceSetUp();
    }

    private void takeOver() throws IOException, JsonException {
        if (!accounts.damage().isEmpty()) {
            return;
        }
        if (accounts.needsSetUp()) {
            List<StoredAccount> provided = FirstRun.accounts(Files.readString(file));
            if (accounts.takeOver(provided)) {
                audit.record(Caller.system("first run"), "set up the gateway", provided.get(0).name(), "done");
                LOG.info("The gateway was set up by {}: administrator '{}' and {} machine accounts", file,
                    provided.get(0).name(), provided.size() - 1);
            }
        } else {
            LOG.warn("{} is ignored, and deleted because it may hold a password: this gateway has been set up already", file);
        }
        AtomicFiles.delete(file);
    }
}
