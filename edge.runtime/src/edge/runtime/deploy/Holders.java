// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TimerTask;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Finds what keeps a class loader alive, in the places from which code does it by mistake: threads, timers, shutdown hooks,
 * thread-locals, management beans. The JDK's own fields are looked into; where it does not let us, less is found. What a native
 * library holds is not found: the JDK hides which libraries a class loader has loaded.
 */
final class Holders {
    private static final int NAMED = 4;

    private final ClassLoader classes;
    private final Set<String> found = new LinkedHashSet<>();

    private Holders(ClassLoader classes) {
        this.classes = classes;
    }

    /** What holds it, to go behind a colon. */
    static String of(ClassLoader classes) {
        Holders holders = new Holders(classes);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            holders.lookAt(thread);
        }
        holders.shutdownHooks();
        holders.beans();
        if (holders.found.isEmpty()) {
            return "something that holds it could not be found; a heap dump would tell";
        }
        return String.join("; ", holders.found.stream().limit(NAMED).toList())
            + (holders.found.size() > NAMED ? "; and " + (holders.found.size() - NAMED) + " more" : "");
    }

    private boolean isOurs(Object object) {
        return object != null && (object == classes || object.getClass().getClassLoader() == classes
            || object instanceof Class<?> type && type.getClassLoader() == classes);
    }

    private void lookAt(Thread thread) {
        if (isOurs(thread) || isOurs(field(thread, Thread.class, "target"))) {
            found.add("the thread " + thread.getName() + " still runs its code" + where(thread));
        } else if (thread.getContextClassLoader() == classes) {
            found.add("the thread " + thread.getName() + " has it as its context class loader" + where(thread));
        }
        threadLocals(thread, "threadLocals");
        threadLocals(thread, "inheritableThreadLocals");
        Object queue = field(thread, thread.getClass(), "queue");
        Object tasks = queue == null ? null : field(queue, queue.getClass(), "queue");
        if (tasks instanceof TimerTask[] planned) {
            for (TimerTask task : planned) {
                if (isOurs(task)) {
                    found.add("the timer " + thread.getName() + " has a task of it, " + task.getClass().getName());
                }
            }
        }
    }

    private static String where(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (!frame.getClassName().startsWith("java.") && !frame.getClassName().startsWith("jdk.")) {
                return ", at " + frame;
            }
        }
        return "";
    }

    private void threadLocals(Thread thread, String name) {
        Object map = field(thread, Thread.class, name);
        Object table = map == null ? null : field(map, map.getClass(), "table");
        for (int i = 0; table != null && i < Array.getLength(table); i++) {
            Object entry = Array.get(table, i);
            Object value = entry == null ? null : field(entry, entry.getClass(), "value");
            if (isOurs(value) || holdsOurs(value)) {
                found.add("a thread-local of the thread " + thread.getName() + " holds " + value.getClass().getName());
            }
        }
    }

    private boolean holdsOurs(Object value) {
        return value instanceof Collection<?> many && many.size() < 100 && many.stream().anyMatch(this::isOurs)
            || value instanceof Map<?, ?> map && map.size() < 100
                && (map.values().stream().anyMatch(this::isOurs) || map.keySet().stream().anyMatch(this::isOurs));
    }

    private void shutdownHooks() {
        try {
            Class<?> type = Class.forName("java.lang.ApplicationShutdownHooks");
            if (field(null, type, "hooks") instanceof Map<?, ?> hooks) {
                for (Object hook : new ArrayList<>(hooks.keySet())) {
                    Object target = field(hook, Thread.class, "target");
                    if (isOurs(hook) || isOurs(target) || ((Thread) hook).getContextClassLoader() == classes) {
                        found.add("a shutdown hook, the thread " + ((Thread) hook).getName());
                    }
                }
            }
        } catch (ClassNotFoundException e) {
            return; // another JDK
        }
    }

    private void beans() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : server.queryNames(null, null)) {
            try {
                if (server.getClassLoaderFor(name) == classes) {
                    found.add("the management bean " + name);
                }
            } catch (InstanceNotFoundException e) {
                continue; // gone meanwhile
            }
        }
    }

    private static Object field(Object object, Class<?> start, String name) {
        for (Class<?> type = start; type != null; type = type.getSuperclass()) {
            try {
                Field field = type.getDeclaredField(name);
                field.setAccessible(true);
                return field.get(object);
            } catch (NoSuchFieldException e) {
                continue;
            } catch (IllegalAccessException | InaccessibleObjectException e) {
                return null;
            }
        }
        return null;
    }
}
