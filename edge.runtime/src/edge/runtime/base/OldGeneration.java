// SPDX-License-Identifier: Apache-2.0
package edge.runtime.base;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Optional;

/** The part of the heap in which objects stay that live long. */
public final class OldGeneration {

    private OldGeneration() {
    }

    /**
     * What the newest full collection left in it, and how much it may hold. What is used at any other moment is mostly garbage.
     * Nothing with a collector that has no generations, or that does not bound this one.
     */
    public static Optional<MemoryUsage> afterCollection() {
        return pool().map(MemoryPoolMXBean::getCollectionUsage).filter(left -> left.getMax() > 0);
    }

    /** What is used of it at this moment, mostly garbage perhaps, and how much it may hold. */
    public static Optional<MemoryUsage> now() {
        return pool().map(MemoryPoolMXBean::getUsage).filter(used -> used.getMax() > 0);
    }

    private static Optional<MemoryPoolMXBean> pool() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .filter(pool -> pool.getName().contains("Old") || pool.getName().contains("Tenured")).findFirst();
    }
}
