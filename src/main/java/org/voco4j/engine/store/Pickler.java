package org.voco4j.engine.store;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;

/**
 * Writes a tree as a pickle of protocol 2, with the opcodes and names that {@code torch.load(weights_only=True)} accepts.
 * Tensors become references to storages, numbered in the order in which they come; the same object is one storage.
 */
final class Pickler {
    private static final int DEEPEST = 100;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final IdentityHashMap<Tensor, String> keys = new IdentityHashMap<>();
    private final List<Tensor> storages = new ArrayList<>();

    /**
     * @throws IllegalArgumentException if the tree holds what no reader would accept, or is nested more than 100 deep
     */
    Pickler(@Nullable Object tree) {
        bytes(0x80, 2);
        put(tree, 0);
        bytes('.');
    }

    byte[] pickle() {
        return out.toByteArray();
    }

    /** The tensors whose values are the storages, by key. */
    List<Tensor> storages() {
        return storages;
    }

    private void put(@Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("containers nested more than " + DEEPEST + " deep are not written");
        }
        if (value == null) {
            bytes('N');
        } else if (value instanceof Boolean truth) {
            bytes(truth ? 0x88 : 0x89);
        } else if (value instanceof Double || value instanceof Float) {
            bytes('G');
            out.writeBytes(ByteBuffer.allocate(8)
                    .putDouble(((Number) value).doubleValue())
                    .array()); // big-endian, the only such thing in a pickle
        } else if (value instanceof Long || value instanceof Integer) {
            whole(((Number) value).longValue());
        } else if (value instanceof BigInteger whole) {
            whole(whole);
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof Tensor tensor) {
            tensor(tensor);
        } else if (value instanceof Tuple tuple) {
            tuple(tuple.items(), depth);
        } else if (value instanceof List<?> list) {
            bytes(']', '(');
            list.forEach(item -> put(item, depth + 1));
            bytes('e');
        } else if (value instanceof Map<?, ?> map) {
            map(map, depth);
        } else {
            throw new IllegalArgumentException("a " + value.getClass().getSimpleName() + " (" + value
                    + ") is not written: expected dictionaries, lists, tuples, text, numbers and tensors");
        }
    }

    /** A dictionary; a state dictionary, which holds tensors by name, is an ordered one as PyTorch's are. */
    private void map(Map<?, ?> map, int depth) {
        boolean state = map.values().stream().anyMatch(Tensor.class::isInstance)
                && map.keySet().stream().allMatch(String.class::isInstance);
        if (state) {
            global("collections", "OrderedDict");
            bytes(')', 'R');
        } else {
            bytes('}');
        }
        bytes('(');
        map.forEach((key, value) -> {
            put(key, depth + 1);
            put(value, depth + 1);
        });
        bytes('u');
    }

    private void tuple(List<?> items, int depth) {
        if (items.isEmpty()) {
            bytes(')');
            return;
        }
        bytes('(');
        items.forEach(item -> put(item, depth + 1));
        bytes('t');
    }

    /** {@code _rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)}. */
    private void tensor(Tensor tensor) {
        String key = keys.get(tensor);
        if (key == null) {
            key = Integer.toString(storages.size());
            keys.put(tensor, key);
            storages.add(tensor);
        }
        global("torch._utils", "_rebuild_tensor_v2");
        bytes('(', '(');
        text("storage");
        global("torch", storageClass(tensor.type()));
        text(key);
        text("cpu");
        whole(tensor.count());
        bytes('t', 'Q');
        whole(0);
        wholes(tensor.shape());
        wholes(StoredTensor.rowMajor(tensor.shape()));
        bytes(0x89);
        global("collections", "OrderedDict");
        bytes(')', 'R', 't', 'R');
    }

    private static String storageClass(DType type) {
        return switch (type) {
            case F32 -> "FloatStorage";
            case F64 -> "DoubleStorage";
            case F16 -> "HalfStorage";
            case BF16 -> "BFloat16Storage";
            case I64 -> "LongStorage";
            case I32 -> "IntStorage";
            case I16 -> "ShortStorage";
            case I8 -> "CharStorage";
            case U8 -> "ByteStorage";
            case BOOL -> "BoolStorage";
        };
    }

    private void wholes(long[] values) {
        bytes('(');
        for (long value : values) {
            whole(value);
        }
        bytes('t');
    }

    private void whole(long value) {
        if (value >= 0 && value <= 0xFF) {
            bytes('K', (int) value);
        } else if (value == (int) value) {
            bytes('J');
            int32((int) value);
        } else {
            whole(BigInteger.valueOf(value));
        }
    }

    /** Two's complement, least byte first. */
    private void whole(BigInteger value) {
        byte[] digits = value.toByteArray();
        if (digits.length > 0xFF) {
            throw new IllegalArgumentException("a whole number of " + digits.length + " bytes is not written");
        }
        bytes(0x8a, digits.length);
        for (int i = digits.length - 1; i >= 0; i--) {
            out.write(digits[i]);
        }
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes('X');
        int32(utf8.length);
        out.writeBytes(utf8);
    }

    private void global(String module, String name) {
        out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void int32(int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    private void bytes(int... values) {
        for (int value : values) {
            out.write(value);
        }
    }
}
