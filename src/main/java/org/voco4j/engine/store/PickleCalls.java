package org.voco4j.engine.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.DType;

/**
 * What the names in a checkpoint's pickle stand for: the few functions that rebuild tensors and containers are known by name
 * and done here, all others make an {@link Opaque}. Nothing is looked up or called.
 */
final class PickleCalls {
    static final Opaque BYTES = new Opaque("bytes");
    static final Opaque NUMPY = new Opaque("numpy array");

    /** Modules whose only use in a checkpoint is to run programs when it is opened. */
    private static final Set<String> PROGRAMS = Set.of(
            ("posix nt _posixsubprocess commands popen2 sys shutil socket _socket imp _frozen_importlib runpy _ctypes code"
                            + " codeop pty pdb bdb timeit cProfile profile trace webbrowser pickle _pickle marshal ftplib"
                            + " smtplib telnetlib")
                    .split(" "));

    /** The same with all that is in them; the others are single files, and a folder of that name is somebody's own. */
    private static final Set<String> PROGRAM_PACKAGES =
            Set.of("os subprocess importlib ctypes asyncio multiprocessing urllib http requests pip".split(" "));

    private static final Set<String> BUILTINS = Set.of(
            ("eval exec execfile compile open file input raw_input getattr setattr delattr __import__ globals locals vars"
                            + " apply reload breakpoint help exit quit")
                    .split(" "));

    private static final Map<String, DType> TYPES = Map.ofEntries(
            Map.entry("Float", DType.F32),
            Map.entry("Double", DType.F64),
            Map.entry("Half", DType.F16),
            Map.entry("BFloat16", DType.BF16),
            Map.entry("Long", DType.I64),
            Map.entry("Int", DType.I32),
            Map.entry("Short", DType.I16),
            Map.entry("Char", DType.I8),
            Map.entry("Byte", DType.U8),
            Map.entry("Bool", DType.BOOL));

    /** Bytes per number of formats that we do not have: in the legacy format the next storage lies behind them. */
    private static final Map<String, Integer> FOREIGN_WIDTHS =
            Map.of("ComplexFloat", 8, "ComplexDouble", 16, "QInt8", 1, "QUInt8", 1, "QInt32", 4, "Untyped", 1);

    private static final Map<String, DType> DTYPES = Map.ofEntries(
            Map.entry("torch.float32", DType.F32),
            Map.entry("torch.float64", DType.F64),
            Map.entry("torch.float16", DType.F16),
            Map.entry("torch.bfloat16", DType.BF16),
            Map.entry("torch.int64", DType.I64),
            Map.entry("torch.int32", DType.I32),
            Map.entry("torch.int16", DType.I16),
            Map.entry("torch.int8", DType.I8),
            Map.entry("torch.uint8", DType.U8),
            Map.entry("torch.bool", DType.BOOL));

    private static final int MOST_DIMENSIONS = 64; // libtorch's limit
    private static final int LONGEST_NAME = 1000; // of a class or a storage: it is copied at every use

    private final FileBytes file;
    private final Budget budget;
    private final Map<String, StorageRef> storages = new LinkedHashMap<>();
    private final Map<String, Long> needed = new LinkedHashMap<>();

    PickleCalls(FileBytes file, Budget budget) {
        this.file = file;
        this.budget = budget;
    }

    /** The storages that were named, by key, as they were named first. */
    Map<String, StorageRef> storages() {
        return storages;
    }

    /** How many bytes the tensors take that lie in each storage. */
    Map<String, Long> needed() {
        return needed;
    }

    /** A name of a module. */
    Opaque global(String module, String name) throws IOException {
        if (module.length() + name.length() > LONGEST_NAME) {
            throw file.wrong("is refused: it has a name of " + (module.length() + name.length()) + " characters");
        }
        int dot = module.indexOf('.');
        String first = dot < 0 ? module : module.substring(0, dot);
        boolean builtin = module.equals("builtins") || module.equals("__builtin__");
        if (PROGRAMS.contains(module) || PROGRAM_PACKAGES.contains(first) || (builtin && BUILTINS.contains(name))) {
            throw file.wrong("is refused: it asks to call " + (builtin ? "" : module + ".") + name
                    + ": made to run a program, not to hold weights");
        }
        budget.charge(128 + 4L * (module.length() + name.length()));
        return new Opaque((builtin ? "" : module + ".") + name);
    }

    /** What is made by calling a function or a class. */
    @Nullable
    Object call(@Nullable Object function, Tuple arguments) throws IOException {
        String name = ((Opaque) Objects.requireNonNull(function)).name();
        List<@Nullable Object> items = arguments.items();
        while (name.equals("torch._tensor._rebuild_from_type_v2")) { // (function, class, arguments, attributes)
            name = ((Opaque) Objects.requireNonNull(items.get(0))).name();
            items = ((Tuple) Objects.requireNonNull(items.get(2))).items();
        }
        return switch (name) {
            case "collections.OrderedDict", "dict", "collections.defaultdict", "collections.Counter" -> map(items);
            case "set", "frozenset", "list" -> list(items);
            case "torch.Size" -> items.get(0);
            case "torch._utils._rebuild_tensor" -> tensor(items, null, null);
            case "torch._utils._rebuild_tensor_v2" -> tensor(items, null, items.size() > 6 ? items.get(6) : null);
            case "torch._utils._rebuild_tensor_v3" ->
                tensor(items, (Opaque) items.get(6), items.size() > 7 ? items.get(7) : null);
            case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" -> items.get(0);
            case "torch._utils._rebuild_qtensor" ->
                new Opaque("tensor of " + ((StorageRef) Objects.requireNonNull(items.get(0))).className());
            case "_codecs.encode", "bytes", "bytearray" -> BYTES;
            case "numpy.core.multiarray._reconstruct",
                    "numpy._core.multiarray._reconstruct",
                    "numpy.core.numeric._frombuffer",
                    "numpy._core.numeric._frombuffer" -> NUMPY;
            case "copy_reg._reconstructor", "copyreg._reconstructor" -> items.get(0);
            default -> function;
        };
    }

    /** An empty dictionary; old pickles hand the pairs over at once. */
    private Map<@Nullable Object, @Nullable Object> map(List<@Nullable Object> arguments) throws IOException {
        budget.charge(144);
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        Object last = arguments.isEmpty() ? null : arguments.get(arguments.size() - 1);
        if (last instanceof Map<?, ?> pairs) {
            budget.charge(96L * pairs.size());
            map.putAll(pairs);
        } else if (last instanceof List<?> pairs) {
            budget.charge(96L * pairs.size());
            for (Object pair : pairs) {
                List<?> items = pair instanceof Tuple tuple ? tuple.items() : (List<?>) pair;
                map.put((String) items.get(0), items.get(1));
            }
        }
        return map;
    }

    private List<@Nullable Object> list(List<@Nullable Object> arguments) throws IOException {
        Object items = arguments.isEmpty() ? List.of() : arguments.get(0);
        List<?> from = items instanceof Tuple tuple ? tuple.items() : (List<?>) Objects.requireNonNull(items);
        budget.charge(80 + 16L * from.size());
        return new ArrayList<>(from);
    }

    /** A persistent identifier: ("storage", class, key, device, count), in old files with (key, start, count) of a view. */
    @Nullable
    Object persistent(@Nullable Object identifier) throws IOException {
        List<@Nullable Object> items = ((Tuple) Objects.requireNonNull(identifier)).items();
        if ("module".equals(items.get(0))) { // ("module", class, its source file, its source), in old files
            return items.get(1);
        }
        if (!"storage".equals(items.get(0))) {
            throw file.wrong(
                    "is no checkpoint: its pickle refers to a '" + items.get(0) + "' outside, expected a storage");
        }
        String className = ((Opaque) Objects.requireNonNull(items.get(1))).name();
        String key = (String) Objects.requireNonNull(items.get(2));
        long count = (Long) Objects.requireNonNull(items.get(4));
        String kind = className.substring(className.lastIndexOf('.') + 1).replaceFirst("Storage$", "");
        DType type = className.startsWith("torch.") ? TYPES.get(kind) : null;
        int width = type == null ? FOREIGN_WIDTHS.getOrDefault(kind, 0) : type.bytes();
        budget.charge(256);
        StorageRef whole = new StorageRef(key, className, type, width, 0, count);
        if (key.length() > LONGEST_NAME) {
            throw file.wrong("is refused: a storage has a name of " + key.length() + " characters");
        }
        if (count < 0 || count > Long.MAX_VALUE / 16) {
            throw file.wrong("is damaged: the storage " + key + " would hold " + count + " numbers");
        }
        storages.putIfAbsent(key, whole);
        if (items.size() > 5 && items.get(5) instanceof Tuple view) {
            return new StorageRef(
                    key,
                    className,
                    type,
                    width,
                    (Long) Objects.requireNonNull(view.items().get(1)),
                    (Long) Objects.requireNonNull(view.items().get(2)));
        }
        return whole;
    }

    /** (storage, offset, shape, strides, …); the number format is the storage's unless it is given. */
    private Object tensor(List<@Nullable Object> items, @Nullable Opaque dtype, @Nullable Object bits)
            throws IOException {
        StorageRef storage = (StorageRef) Objects.requireNonNull(items.get(0));
        DType type = dtype == null ? storage.type() : DTYPES.get(dtype.name());
        boolean conjugateOrNegative = bits instanceof Map<?, ?> set && !set.isEmpty();
        if (type == null || conjugateOrNegative) {
            String kind = dtype == null ? storage.className() : dtype.name();
            budget.charge(256 + 2L * kind.length());
            return new Opaque("tensor of " + kind + (conjugateOrNegative ? " with values to be negated" : ""));
        }
        long[] shape = longs(items.get(2));
        long[] strides = longs(items.get(3));
        long offset = (Long) Objects.requireNonNull(items.get(1));
        String where = "is damaged: a tensor in the storage " + storage.key() + " ";
        if (shape.length != strides.length || shape.length > MOST_DIMENSIONS || offset < 0 || storage.start() < 0) {
            throw file.wrong(where + "has " + shape.length + " dimensions, " + strides.length
                    + " strides and the offset " + offset);
        }
        StoredTensor tensor;
        try {
            long last = Math.addExact(storage.start(), offset);
            long bytes = type.bytes();
            boolean empty = false;
            for (int i = 0; i < shape.length; i++) {
                if (shape[i] < 0 || strides[i] < 0) {
                    throw file.wrong(where + "has the size " + shape[i] + " and the stride " + strides[i]);
                }
                empty |= shape[i] == 0;
                bytes = Math.multiplyExact(bytes, Math.max(1, shape[i]));
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[i] - 1), strides[i]));
            }
            tensor = new StoredTensor(type, shape, strides, storage.start() + offset, storage.key());
            long end = empty ? 0 : Math.multiplyExact(Math.addExact(last, 1), type.bytes());
            long held = Math.multiplyExact(storage.start() + storage.count(), storage.width());
            if (end > held) {
                throw file.wrong(where + tensor + " reaches to its byte " + end + ", the storage has " + held);
            }
            needed.merge(storage.key(), end, Math::max);
        } catch (ArithmeticException huge) {
            throw file.wrong(where + "claims the impossible shape " + Arrays.toString(shape), huge);
        }
        return tensor;
    }

    private long[] longs(@Nullable Object tuple) throws IOException {
        List<@Nullable Object> items =
                tuple instanceof List<?> list ? new ArrayList<>(list) : ((Tuple) Objects.requireNonNull(tuple)).items();
        budget.charge(96 + 16L * items.size());
        return items.stream()
                .mapToLong(item -> (Long) Objects.requireNonNull(item))
                .toArray();
    }
}
