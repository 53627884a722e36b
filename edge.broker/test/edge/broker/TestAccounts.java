// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.access.Accounts;
import edge.api.access.Caller;
import edge.api.access.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Machine accounts: their secret is their name with {@code -secret} behind it. */
public final class TestAccounts implements Accounts {

    public final Map<String, Role> machines = new ConcurrentHashMap<>(
        Map.of("sensor", Role.VIEWER, "panel", Role.OPERATOR, "other", Role.VIEWER));
    /** Origins as they were passed. */
    public final List<String> origins = new java.util.concurrent.CopyOnWriteArrayList<>();

    @Override
    public Optional<Caller> machine(String name, char[] secret, String origin) {
        origins.add(origin);
        Role role = machines.get(name);
        return role != null && new String(secret).equals(name + "-secret")
            ? Optional.of(new Caller(Caller.Kind.MACHINE, name, role, origin)) : Optional.empty();
    }

    @Override
    public boolean needsSetUp() {
        return false;
    }

    @Override
    public Caller setUp(String name, char[] password, String code, String origin) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Caller> signIn(String name, char[] password, String origin) {
        throw new UnsupportedOperationException("people do not sign in by MQTT");
    }

    @Override
    public List<Account> list() {
        return machines.entrySet().stream()
            .map(each -> new Account(each.getKey(), Caller.Kind.MACHINE, each.getValue())).toList();
    }

    @Override
    public String issueMachineSecret(String name, Role role, Caller by) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void putPerson(String name, char[] password, Role role, Caller by) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean remove(String name, Caller by) {
        throw new UnsupportedOperationException();
    }
}
