package org.voco4j.engine.tensor;

import static org.bytedeco.pytorch.global.torch.get_num_threads;
import static org.bytedeco.pytorch.global.torch.globalContext;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch as this process has it: loading, threads, determinism, and what it holds.
 *
 * <p>JavaCPP limits native memory to a multiple of the Java heap unless told otherwise, which would stop training in a
 * program with a small {@code -Xmx}; the engine lifts that limit itself before the first native call.
 */
public final class Engine {
    private static final Set<String> PLATFORMS =
            Set.of("linux-x86_64", "macosx-arm64", "macosx-x86_64", "windows-x86_64");

    private static volatile boolean loaded;
    private static boolean ending;

    private Engine() {}

    /**
     * Loads libtorch once; later calls cost nothing.
     *
     * @throws IllegalStateException if there are no natives for this operating system, they cannot be loaded, or the
     *     process is {@link #ending}
     */
    public static void load() {
        if (loaded) {
            return;
        }
        synchronized (Engine.class) {
            if (loaded) {
                return;
            }
            if (ending) {
                throw new IllegalStateException("libtorch is not loaded while the process is ending");
            }
            String platform = Loader.Detector.getPlatform();
            if (!PLATFORMS.contains(platform)) {
                throw new IllegalStateException("voco4j has no native libraries for " + platform
                        + "; it runs on Linux x86_64, macOS (arm64, x86_64) and Windows x86_64");
            }
            if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
                System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
            }
            if (System.getProperty("org.bytedeco.javacpp.maxBytes") == null) {
                System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
            }
            try {
                Loader.load(torch.class);
            } catch (UnsatisfiedLinkError failure) {
                throw new IllegalStateException("libtorch could not be loaded: " + failure.getMessage(), failure);
            }
            // The same inputs give the same bits: on the CPU a kernel that cannot promise it refuses; some CUDA
            // kernels (pooling) have no deterministic form at all and only warn.
            globalContext().setDeterministicAlgorithms(true, Context.hasCUDA());
            // Else every new tensor is filled with NaN first, which is a pass over memory for each result.
            globalContext().setDeterministicFillUninitializedMemory(false);
            loaded = true;
        }
    }

    /**
     * Says that the process is about to end, while other threads may be computing: they do so until its last moment, because
     * libtorch's static objects are not destroyed before (on Linux; elsewhere the C library destroys them).
     *
     * <p>For a shutdown hook of a program of its own: destructors of other native libraries do not run either. It waits for
     * a {@link #load} that is going on.
     */
    public static void ending() {
        synchronized (Engine.class) {
            ending = true;
            if (loaded) {
                Teardown.skip();
            }
        }
    }

    /**
     * Threads that one operation may use when this thread calls it; 0 leaves it as it is, at first the number of cores.
     *
     * <p>Other threads keep theirs; one that has not computed yet begins with the number that was set last. With 1 for
     * each, trainings on threads of their own share nothing and give the bits they give alone.
     */
    public static void threads(int threads) {
        load();
        if (threads > 0) {
            set_num_threads(threads);
        }
    }

    /** Threads that one operation uses when this thread calls it. */
    public static int threads() {
        load();
        return get_num_threads();
    }

    /** Version of libtorch and of the presets that bind it, as in {@code 2.10.0-1.5.13}. */
    public static String version() {
        try {
            String version = Loader.getVersion("org.bytedeco", "pytorch");
            return version == null ? "unknown" : version;
        } catch (IOException unreadable) {
            return "unknown";
        }
    }

    /** Native bytes that live objects of ours hold on to: tensor handles, lists, options (not the tensors' data). */
    public static long nativeBytes() {
        return Pointer.totalBytes();
    }

    /** The number of those objects. */
    public static long nativeObjects() {
        return Pointer.totalCount();
    }

    /** Memory of this process that is in RAM now, in bytes; on Linux libtorch is not loaded for it. */
    public static long residentBytes() {
        return status("VmRSS:");
    }

    /**
     * The most memory of this process that was in RAM, in bytes, since its start or the last {@link #forgetPeak}, as Linux
     * counts it (VmHWM); elsewhere what is in RAM now, which is the same for an allocator that keeps its memory.
     */
    public static long peakResidentBytes() {
        return status("VmHWM:");
    }

    /**
     * Counts {@link #peakResidentBytes()} anew from what is in RAM now, so that what a process did before does not count against what it
     * does next. A system that does not allow it keeps the peak.
     */
    public static void forgetPeak() {
        try {
            Files.writeString(
                    Path.of("/proc/self/clear_refs"), "5", StandardOpenOption.WRITE); // Linux: VmHWM becomes VmRSS
        } catch (IOException | SecurityException notAllowed) {
            return;
        }
    }

    /**
     * Gives memory that nothing uses back to the system: what the garbage collector finds, and with it what glibc keeps
     * of freed memory for the next allocation; so told, {@link #residentBytes()} is what is in use.
     */
    public static void releaseUnused() {
        load();
        System.gc();
        Pointer.trimMemory();
    }

    private static long status(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", ""))) // "VmHWM:    123456 kB"
                    .findFirst()
                    .orElseGet(Engine::physicalBytes);
        } catch (IOException | UncheckedIOException notLinux) {
            return physicalBytes();
        }
    }

    private static long physicalBytes() {
        load();
        return Pointer.physicalBytes();
    }

    /** What is in force, for {@code voco info} and {@code run.json}: name → value. */
    public static Map<String, String> facts() {
        load();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("libtorch", version());
        facts.put("platform", Loader.Detector.getPlatform());
        facts.put("processor", Processor.name());
        facts.put("threads", Integer.toString(threads()));
        facts.put("device", Device.parse("auto").name());
        facts.put("attention and norms", LocalAttention.kernel());
        List<String> settings = new ArrayList<>(List.of(
                "MALLOC_MMAP_THRESHOLD_",
                "MALLOC_TRIM_THRESHOLD_",
                "MALLOC_ARENA_MAX",
                "GLIBC_TUNABLES",
                "GOMP_SPINCOUNT",
                "OPENBLAS_NUM_THREADS",
                "OMP_NUM_THREADS"));
        settings.addAll(Processor.SETTINGS);
        for (String name : settings) {
            String value = System.getenv(name);
            facts.put(name, value == null ? "not set" : value);
        }
        return facts;
    }
}
