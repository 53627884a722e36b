// SPDX-License-Identifier: Apache-2.0
package edge.web.support;

import edge.api.access.AccessDeniedException;
import edge.api.access.Accounts;
import edge.api.access.Caller;
import edge.api.access.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Accounts in memory, with passwords in clear: what matters here is what the console makes of them. */
public final class FakeAccounts implements Accounts {
    public static final String CODE = "1234-5678";

    private record Kept(Account account, String secret) {
    }

    private final Map<String, Kept> kept = new ConcurrentSkipListMap<>();
    private final List<String> origins = new ArrayList<>();

    /** A person with that role; the password is {@code NAME's password}. */
    public FakeAccounts person(String name, Role role) {
        kept.put(name, new Kept(new Account(name, Caller.Kind.PERSON, role), name + "'s password"));
        return this;
    }

    /** A machine with that role; the secret is {@code NAME-secret}. */
    public FakeAccounts machine(String name, Role role) {
        kept.put(name, new Kept(new Account(name, Caller.Kind.MACHINE, role), name + "-secret"));
        return this;
    }

    /** Where set-up and sign-in calls came from. */
    public List<String> origins() {
        return origins;
    }

    @Override
    public boolean needsSetUp() {
        return kept.values().stream().noneMatch(one -> one.account().kind() == Caller.Kind.PERSON);
    }

    @Override
    public synchronized Caller setUp(String name, char[] password, String code, String origin) {
        origins.add(origin);
        if (!needsSetUp()) {
            throw new IllegalStateException("set up already");
        }
        if (!origin.equals("127.0.0.1") && !code.equals(CODE)) {
            throw new IllegalArgumentException("the one-time code is wrong");
        }
        if (password.length < 12) {
            throw new IllegalArgumentException("the password must have at least 12 characters");
        }
        kept.put(name, new Kept(new Account(name, Caller.Kind.PERSON, Role.ADMINISTRATOR), new String(password)));
        return new Caller(Caller.Kind.PERSON, name, Role.ADMINISTRATOR, origin);
    }

    @Override
    public synchronized Optional<Caller> signIn(String name, char[] password, String origin) {
        origins.add(origin);
        return check(Caller.Kind.PERSON, name, password, origin);
    }

    @Override
    public Optional<Caller> machine(String name, char[] secret, String origin) {
        return check(Caller.Kind.MACHINE, name, secret, origin);
    }

    private Optional<Caller> check(Caller.Kind kind, String name, char[] secret, String origin) {
        return Optional.ofNullable(kept.get(name))
            .filter(one -> one.account().kind() == kind && one.secret().equals(new String(secret)))
            .map(one -> new Caller(kind, name, one.account().role(), origin));
    }

    @Override
    public List<Account> list() {
        return new TreeMap<>(kept).values().stream().map(Kept::account).toList();
    }

    @Override
    public String issueMachineSecret(String name, Role role, Caller by) {
        demand(by, "issue a secret");
        if (!name.matches("[A-Za-z0-9_.-]{1,64}")) {
            throw new IllegalArgumentException("'" + name + "' is not an account name: 1 to 64 of A-Z a-z 0-9 _ . -");
        }
        machine(name, role);
        return name + "-secret";
    }

    @Override
    public void putPerson(String name, char[] password, Role role, Caller by) {
        demand(by, "change accounts");
        if (password.length < 12) {
            throw new IllegalArgumentException("the password must have at least 12 characters");
        }
        kept.put(name, new Kept(new Account(name, Caller.Kind.PERSON, role), new String(password)));
    }

    @Override
    public boolean remove(String name, Caller by) {
        demand(by, "remove accounts");
        Kept one = kept.get(name);
        if (one != null && one.account().role() == Role.ADMINISTRATOR && kept.values().stream()
            .filter(other -> other.account().role() == Role.ADMINISTRATOR
                && other.account().kind() == Caller.Kind.PERSON).count() == 1) {
            return false;
        }
        return kept.remove(name) != null;
    }

    private static void demand(Caller by, String action) {
        if (!by.may(Role.ADMINISTRATOR)) {
            throw new AccessDeniedException(by, action, Role.ADMINISTRATOR);
        }
    }
}
