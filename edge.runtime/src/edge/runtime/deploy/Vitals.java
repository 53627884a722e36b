// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.device.DeviceState;
import edge.api.device.LinkState;
import edge.api.device.ScanStatistics;
import edge.api.device.TagState;
import edge.api.device.TagTable;
import edge.api.health.LogBook;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How the gateway is at one moment: what a deployment is measured by afterwards.
 *
 * @param devices by name
 * @param threads ids of the threads that live
 * @param handles open files and sockets; 0 where the system does not tell
 * @param lastLine number of the newest line of the log
 */
record Vitals(Map<String, Device> devices, Set<Long> threads, int handles, long lastLine) {

    /**
     * @param driver symbolic name of its bundle
     * @param connected whether its link stands
     * @param names of all its tags
     * @param good names of the tags whose newest reading is GOOD
     * @param scans completed scans by period
     * @param rate readings a second that it delivers, by period, as far as its statistics tell
     */
    record Device(String driver, boolean connected, Set<String> names, Set<String> good, Map<Duration, Long> scans,
                  Map<Duration, Integer> tags, Map<Duration, Double> rate) {

        static Device of(DeviceState state) {
            Set<String> names = new HashSet<>();
            Set<String> good = new HashSet<>();
            for (TagState tag : state.tags()) {
                names.add(tag.reading().tag().name());
                if (tag.reading().quality().isGood()) {
                    good.add(tag.reading().tag().name());
                }
            }
            Map<Duration, Long> scans = new TreeMap<>();
            Map<Duration, Integer> tags = new TreeMap<>();
            Map<Duration, Double> rate = new TreeMap<>();
            for (ScanStatistics group : state.scans()) {
                scans.put(group.period(), group.completed());
                tags.put(group.period(), group.tags());
                double share = group.completed() == 0 ? 0
                    : (double) group.completed() / (group.completed() + group.overruns());
                rate.put(group.period(), share * group.tags() / (group.period().toNanos() / 1e9));
            }
            return new Device(state.info().driver(), state.link().phase() == LinkState.Phase.CONNECTED, names, good,
                scans, tags, rate);
        }
    }

    static Vitals now(TagTable table, LogBook log) {
        Set<Long> threads = new HashSet<>();
        for (long id : ManagementFactory.getThreadMXBean().getAllThreadIds()) {
            threads.add(id);
        }
        List<LogBook.Line> newest = log.lines(0, LogBook.Level.DEBUG, 1);
        return new Vitals(devices(table), threads, openHandles(), newest.isEmpty() ? 0 : newest.get(0).number());
    }

    static Map<String, Device> devices(TagTable table) {
        Map<String, Device> devices = new HashMap<>();
        for (DeviceState state : table.devices()) {
            devices.put(state.info().name(), Device.of(state));
        }
        return devices;
    }

    static int openHandles() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        } catch (IOException e) {
            return 0;
        }
    }
}
