// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import edge.api.access.AccessDeniedException;
import edge.api.access.Accounts;
import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.json.JsonException;
import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts, in memory and on disk. If the file cannot be read, nobody can sign in and nobody can set the gateway up
 * again: a damaged file must not open the door.
 */
@Component(service = {Accounts.class, HealthCheck.class}, immediate = true, name = "edge.runtime.access.accounts")
public final class StoredAccounts implements Accounts, HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StoredAccounts.class);
    private static final long HASH_WAIT_SECONDS = 5;
    private static final String SET_UP = "set up the gateway";
    private static final String SIGN_IN = "sign in";
    /** What names that no account can have are counted under: they may be long, and there is no end of them. */
    private static final String NOBODY = "/nobody";

    private final AccountFile file;
    private final AuditLog audit;
    private final Path codeFile;
    private final Throttle throttle;
    private final Tally machineFailures = new Tally();
    /** Hashing is slow on purpose: strangers may keep half of the processors busy with it, not all. */
    private final Semaphore hashing = new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);
    private final String nobodysPassword = Passwords.nobody();
    private final String nobodysSecret = Passwords.secretHash(Passwords.newSecret().toCharArray());
    private final Object lock = new Object();
    // written under lock, the map is never changed
    private volatile Map<String, StoredAccount> accounts = Map.of();
    private volatile String damage = "";
    // guarded by lock
    private SetUpCode code;
    private volatile Instant since = Instant.now();

    @Activate
    public StoredAccounts(BundleContext context, @Reference AuditLog audit) {
        this(new AccountFile(DataDirectory.folder(context, "access").resolve("accounts.json")),
            DataDirectory.root(context).resolve("set-up-code.txt"), audit, () -> System.nanoTime() / 1_000_000);
        new FirstRunSetUp(this, file.path().resolveSibling("first-run.json"), audit).start();
    }

    StoredAccounts(AccountFile file, Path codeFile, AuditLog audit, LongSupplier clock) {
        this.file = file;
        this.codeFile = codeFile;
        this.audit = audit;
        this.throttle = new Throttle(clock);
        try {
            accounts = file.read();
        } catch (IOException e) {
            damage = DataDirectory.reason(e);
        } catch (JsonException e) {
            damage = "line " + e.line() + ", column " + e.column() + ": " + e.getMessage();
        }
        if (!damage.isEmpty()) {
            LOG.error("Nobody can sign in: {} cannot be read: {}. Restore it from a backup; or delete it to set the gateway"
                + " up anew.", file.path(), damage);
        }
    }

    /** Why nobody can sign in; empty if all is well. */
    String damage() {
        return damage;
    }

    /** Makes a set-up code and tells it, if one is needed. */
    void announceSetUp() {
        synchronized (lock) {
            if (!needsSetUp() || code != null) {
                return;
            }
            code = new SetUpCode(codeFile);
            code.announce();
        }
    }

    /**
     * Takes over accounts that a device maker provided.
     *
     * @return false if there are accounts already
     */
    boolean takeOver(List<StoredAccount> provided) {
        synchronized (lock) {
            if (!needsSetUp()) {
                return false;
            }
            Map<String, StoredAccount> changed = new TreeMap<>(accounts);
            provided.forEach(account -> changed.put(account.name(), account));
            store(changed);
            since = Instant.now();
            return true;
        }
    }

    @Override
    public boolean needsSetUp() {
        return damage.isEmpty() && accounts.values().stream().noneMatch(StoredAccount::isAdministrator);
    }

    @Override
    public Caller setUp(String name, char[] password, String tried, String origin) {
        if (!needsSetUp()) {
            throw new IllegalStateException("this gateway has been set up already");
        }
        Caller stranger = new Caller(Caller.Kind.PERSON, name, Role.VIEWER, origin);
        if (!Origins.isLoopback(origin)) {
            requireCode(tried == null ? "" : tried, stranger);
        }
        StoredAccount.requireName(name);
        Passwords.requireGood(name, password);
        StoredAccount account = new StoredAccount(name, Caller.Kind.PERSON, Role.ADMINISTRATOR, Passwords.hash(password));
        synchronized (lock) {
            if (!takeOver(List.of(account))) {
                throw new IllegalStateException("this gateway has been set up already");
            }
            if (code != null) {
                code.forget();
                code = null;
            }
        }
        Caller caller = account.caller(origin);
        audit.record(caller, SET_UP, name, "done");
        return caller;
    }

    private void requireCode(String tried, Caller stranger) {
        Throttle.Verdict verdict = throttle.attempt("/set-up", stranger.origin());
        SetUpCode current;
        synchronized (lock) {
            current = code;
        }
        if (verdict == Throttle.Verdict.ALLOWED && current != null && current.matches(tried)) {
            throttle.succeeded("/set-up", stranger.origin());
            return;
        }
        if (verdict != Throttle.Verdict.REFUSED) {
            audit.record(stranger, SET_UP, stranger.name(), "refused: wrong set-up code");
        }
        throw new IllegalArgumentException(verdict == Throttle.Verdict.ALLOWED
            ? "that is not the set-up code: it is in the gateway's log and in set-up-code.txt in its data directory"
            : "too many wrong set-up codes: wait a few minutes");
    }

    @Override
    public Optional<Caller> signIn(String name, char[] password, String origin) {
        Caller stranger = new Caller(Caller.Kind.PERSON, name, Role.VIEWER, origin);
        Throttle.Verdict verdict = throttle.attempt(StoredAccount.isName(name) ? name : NOBODY, origin);
        if (verdict != Throttle.Verdict.ALLOWED) {
            if (verdict == Throttle.Verdict.REFUSED_NEWLY) {
                audit.record(stranger, SIGN_IN, name, "refused: too many failures, has to wait");
            }
            return Optional.empty();
        }
        StoredAccount account = accounts.get(name);
        boolean known = account != null && account.kind() == Caller.Kind.PERSON;
        Optional<Boolean> matches = matches(password, known ? account.verifier() : nobodysPassword);
        if (matches.isPresent() && matches.get() && known) {
            throttle.succeeded(name, origin);
            renewHash(account, password);
            Caller caller = account.caller(origin);
            audit.record(caller, SIGN_IN, name, "done");
            return Optional.of(caller);
        }
        audit.record(stranger, SIGN_IN, name, matches.isEmpty() ? "refused: too many sign-ins at once"
            : known ? "refused: wrong password" : "refused: no such person");
        return Optional.empty();
    }

    /** Empty if too many others are being checked. */
    private Optional<Boolean> matches(char[] password, String verifier) {
        if (password.length > Passwords.MAX_LENGTH) {
            return Optional.of(false);
        }
        try {
            if (!hashing.tryAcquire(HASH_WAIT_SECONDS, TimeUnit.SECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return Optional.of(Passwords.matches(password, verifier));
        } finally {
            hashing.release();
        }
    }

    /** All passwords cost the same to check: else the time it takes would tell accounts apart. */
    private void renewHash(StoredAccount account, char[] password) {
        if (Passwords.isOfTodaysCost(account.verifier())) {
            return;
        }
        StoredAccount renewed = new StoredAccount(account.name(), account.kind(), account.role(), Passwords.hash(password));
        synchronized (lock) {
            if (accounts.get(account.name()) == account) {
                Map<String, StoredAccount> changed = new TreeMap<>(accounts);
                changed.put(renewed.name(), renewed);
                try {
                    store(changed);
                } catch (UncheckedIOException e) {
                    LOG.warn("The password hash of '{}' keeps its old cost: {}", account.name(), e.getMessage());
                }
            }
        }
    }

    @Override
    public Optional<Caller> machine(String name, char[] secret, String origin) {
        StoredAccount account = accounts.get(name);
        boolean known = account != null && account.kind() == Caller.Kind.MACHINE;
        boolean matches = Passwords.secretMatches(secret, known ? account.verifier() : nobodysSecret);
        // Names that somebody makes up are not remembered one by one: they would fill the audit log, too.
        String key = (known ? name : NOBODY) + " " + Origins.key(origin);
        if (known && matches) {
            machineFailures.reset(key);
            return Optional.of(account.caller(origin));
        }
        long count = machineFailures.add(key);
        if (count > 0) {
            audit.record(new Caller(Caller.Kind.MACHINE, name, Role.VIEWER, origin), SIGN_IN, name, "refused: "
                + (known ? "wrong secret" : "no such machine") + (count > 1 ? ", " + count + " times" : ""));
        }
        return Optional.empty();
    }

    @Override
    public List<Account> list() {
        return accounts.values().stream().map(StoredAccount::shown).toList();
    }

    @Override
    public String issueMachineSecret(String name, Role role, Caller by) {
        String action = "issue a machine secret";
        requireAdministrator(by, action, name);
        String secret = Passwords.newSecret();
        put(by, action, new Put(name, Caller.Kind.MACHINE, role, Passwords.secretHash(secret.toCharArray())));
        return secret;
    }

    @Override
    public void putPerson(String name, char[] password, Role role, Caller by) {
        String action = "change an account";
        requireAdministrator(by, action, name);
        try {
            StoredAccount.requireName(name);
            Passwords.requireGood(name, password);
        } catch (IllegalArgumentException e) {
            audit.record(by, action, name, "refused: " + e.getMessage());
            throw e;
        }
        put(by, action, new Put(name, Caller.Kind.PERSON, role, Passwords.hash(password)));
    }

    private record Put(String name, Caller.Kind kind, Role role, String verifier) {
    }

    private void put(Caller by, String action, Put wanted) {
        change(by, action, wanted.name(), changed -> {
            StoredAccount before = changed.get(wanted.name());
            if (before != null && before.kind() != wanted.kind()) {
                throw new IllegalArgumentException("'" + wanted.name() + "' is the name of a "
                    + (before.kind() == Caller.Kind.PERSON ? "person" : "machine") + ": choose another one");
            }
            changed.put(wanted.name(), new StoredAccount(wanted.name(), wanted.kind(), wanted.role(), wanted.verifier()));
            return true;
        });
    }

    @Override
    public boolean remove(String name, Caller by) {
        String action = "remove an account";
        requireAdministrator(by, action, name);
        return change(by, action, name, changed -> changed.remove(name) != null);
    }

    @FunctionalInterface
    private interface Edit {
        /** @return false if there is nothing to change */
        boolean apply(Map<String, StoredAccount> accounts);
    }

    private boolean change(Caller by, String action, String subject, Edit edit) {
        try {
            synchronized (lock) {
                if (!damage.isEmpty()) {
                    throw new IllegalArgumentException("the file of the accounts is damaged (" + damage + ")");
                }
                boolean hadAdministrator = !needsSetUp();
                Map<String, StoredAccount> changed = new TreeMap<>(accounts);
                if (!edit.apply(changed)) {
                    return false;
                }
                if (hadAdministrator && changed.values().stream().noneMatch(StoredAccount::isAdministrator)) {
                    throw new IllegalArgumentException("'" + subject + "' is the last administrator: make another one first");
                }
                store(changed);
            }
        } catch (IllegalArgumentException | UncheckedIOException e) {
            audit.record(by, action, subject, "refused: " + e.getMessage());
            throw e;
        }
        audit.record(by, action, subject, "done");
        return true;
    }

    /** On disk first: an account that is forgotten by a power cut was never there. Called under lock. */
    private void store(Map<String, StoredAccount> changed) {
        try {
            file.write(changed.values());
        } catch (IOException e) {
            throw new UncheckedIOException("the accounts cannot be written to " + file.path() + ": "
                + DataDirectory.reason(e), e);
        }
        accounts = changed;
    }

    @Override
    public String subject() {
        return "accounts";
    }

    @Override
    public HealthReport check() {
        if (!damage.isEmpty()) {
            return new HealthReport(HealthReport.Status.CRITICAL, since,
                "nobody can sign in: access/accounts.json cannot be read: " + damage,
                "Restore the file from a backup, or delete it to set the gateway up anew.");
        }
        if (needsSetUp()) {
            return new HealthReport(HealthReport.Status.WARN, since, "the gateway has no administrator yet",
                "Open the console and create one; the code is in set-up-code.txt in the data directory.");
        }
        return new HealthReport(HealthReport.Status.OK, since, "", "");
    }

    private void requireAdministrator(Caller by, String action, String subject) {
        if (!by.may(Role.ADMINISTRATOR)) {
            AccessDeniedException denied = new AccessDeniedException(by, action, Role.ADMINISTRATOR);
            audit.record(by, action, subject, "refused: " + denied.getMessage());
            throw denied;
        }
    }
}
