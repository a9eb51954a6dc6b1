package org.voco4j.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this process took of the machine: since it started, or between two readings.
 *
 * @param seconds on the wall
 * @param cpuSeconds of all threads, user and system together; Linux counts in hundredths
 * @param heapBytes that Java allocated, on threads that are still alive
 * @param faults pages that were not in place when they were touched; null where the system does not tell
 */
public record Usage(
        double seconds,
        double cpuSeconds,
        long heapBytes,
        @Nullable Faults faults) {
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final int MINOR = 10 - 3; // places in stat as proc(5) counts them, less what lies before the state
    private static final int MAJOR = 12 - 3;
    private static final int CHILDREN_USER = 16 - 3;
    private static final int CHILDREN_SYSTEM = 17 - 3;
    private static final double TICKS = 100; // a second, on every Linux that Java runs on

    /**
     * Page faults.
     *
     * @param minor that the kernel answered from memory, as when the allocator asks for a page anew
     * @param major that had to be read from a disk
     */
    public record Faults(long minor, long major) {}

    /** What the process has taken until now. */
    public static Usage now() {
        String[] stat = stat();
        return new Usage(
                System.nanoTime() / 1e9,
                cpuSecondsOfProcess(),
                allocated(),
                stat.length <= MAJOR ? null : new Faults(Long.parseLong(stat[MINOR]), Long.parseLong(stat[MAJOR])));
    }

    /** What was taken since an earlier reading. */
    public Usage since(Usage before) {
        return new Usage(
                seconds - before.seconds,
                cpuSeconds - before.cpuSeconds,
                Math.max(0, heapBytes - before.heapBytes), // a thread that ended takes its count with it
                faults == null || before.faults == null
                        ? null
                        : new Faults(faults.minor - before.faults.minor, faults.major - before.faults.major));
    }

    /** Both together. */
    public Usage plus(Usage other) {
        return new Usage(
                seconds + other.seconds,
                cpuSeconds + other.cpuSeconds,
                heapBytes + other.heapBytes,
                faults == null || other.faults == null
                        ? null
                        : new Faults(faults.minor + other.faults.minor, faults.major + other.faults.major));
    }

    /** CPU seconds of all child processes that have ended and were waited for; NaN where the system does not tell. */
    public static double cpuSecondsOfChildren() {
        String[] stat = stat();
        return stat.length <= CHILDREN_SYSTEM
                ? Double.NaN
                : (Long.parseLong(stat[CHILDREN_USER]) + Long.parseLong(stat[CHILDREN_SYSTEM])) / TICKS;
    }

    /**
     * The middle one, or the mean of the two in the middle.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static double median(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values have no median");
        }
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** What is told beside the time, for a JSON document, with the names that the benchmarks share. */
    public Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("heap_allocated_mb", Math.rint(heapBytes * 10.0 / (1 << 20)) / 10);
        document.put("page_faults", faults);
        return document;
    }

    /** The same for a reader. */
    public String sentence() {
        return (faults == null ? "" : faults.minor + " page faults, " + faults.major + " more from a disk; ")
                + String.format(Locale.ROOT, "Java allocated %.1f MiB", heapBytes / (double) (1 << 20));
    }

    private static double cpuSecondsOfProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                ? machine.getProcessCpuTime() / 1e9
                : Double.NaN;
    }

    private static long allocated() {
        if (!(ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads)) {
            return 0;
        }
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes); // -1: the thread has just ended
        }
        return sum;
    }

    /** The fields of Linux's account of this process from its state on; none elsewhere. */
    private static String[] stat() {
        try {
            String line = Files.readString(STAT);
            return line.substring(line.lastIndexOf(')') + 2).split(" "); // the program's name before may hold blanks
        } catch (IOException notLinux) {
            return new String[0];
        }
    }
}
