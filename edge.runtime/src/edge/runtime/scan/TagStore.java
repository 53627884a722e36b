// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.device.DeviceState;
import edge.api.device.FieldDevice.Observation;
import edge.api.device.LinkState;
import edge.api.device.TagState;
import edge.api.device.TagTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices and the last known values of their tags. A component of its own, beside the scan engine that fills it, so that
 * the message bus may depend on the table while the engine depends on the bus.
 */
@Component(immediate = true, service = {TagTable.class, TagStore.class})
public final class TagStore implements TagTable {
    private static final Logger LOG = LoggerFactory.getLogger(TagStore.class);

    private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile TreeMap<String, DeviceRecord> records = new TreeMap<>(); // replaced, never changed

    @Override
    public List<DeviceState> devices() {
        Collection<DeviceRecord> all = records.values();
        List<DeviceState> states = new ArrayList<>(all.size());
        for (DeviceRecord device : all) {
            states.add(state(device));
        }
        return List.copyOf(states);
    }

    @Override
    public Optional<DeviceState> device(String name) {
        return Optional.ofNullable(records.get(name)).map(TagStore::state);
    }

    @Override
    public Optional<TagState> tag(String device, String tag) {
        DeviceRecord found = records.get(device);
        int index = found == null ? -1 : found.index(tag);
        return index < 0 ? Optional.empty() : Optional.of(found.state(index));
    }

    @Override
    public Observation observe(Consumer<List<TagState>> listener) {
        Listener added = new Listener(listener);
        listeners.add(added);
        return () -> listeners.remove(added);
    }

    /** Null if there is no device of that name. */
    DeviceRecord find(String device) {
        return records.get(device);
    }

    Collection<DeviceRecord> all() {
        return records.values();
    }

    synchronized void put(DeviceRecord device) {
        TreeMap<String, DeviceRecord> changed = new TreeMap<>(records);
        changed.put(device.name(), device);
        records = changed;
    }

    /** Removes the record if it is still the one of its name. */
    synchronized boolean remove(DeviceRecord device) {
        TreeMap<String, DeviceRecord> changed = new TreeMap<>(records);
        boolean removed = changed.remove(device.name(), device);
        records = changed;
        return removed;
    }

    boolean isObserved() {
        return !listeners.isEmpty();
    }

    void changed(List<TagState> states) {
        for (Listener listener : listeners) {
            try {
                listener.target.accept(states);
            } catch (RuntimeException e) {
                LOG.warn("A listener of the tag table failed: {}", listener.target.getClass().getName(), e);
            }
        }
    }

    private static DeviceState state(DeviceRecord device) {
        DeviceScanner scanner = device.scanner();
        if (scanner == null) {
            LinkState gone = new LinkState(LinkState.Phase.DISCONNECTED, device.since(),
                "its driver is stopped or being replaced");
            return new DeviceState(device.info(), gone, device.states(), List.of());
        }
        return new DeviceState(device.info(), scanner.link(), device.states(), scanner.statistics(), scanner.facts());
    }

    /** By identity: the same listener may observe twice. */
    private static final class Listener {
        private final Consumer<List<TagState>> target;

        private Listener(Consumer<List<TagState>> target) {
            this.target = target;
        }
    }
}
