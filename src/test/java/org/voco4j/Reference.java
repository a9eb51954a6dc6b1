package org.voco4j;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The numbers of a reference implementation: one {@code reference/*.safetensors} file of the test resources. */
public final class Reference {
    private record Entry(String dtype, List<Integer> shape, int begin, int end) {}

    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, String> meta = new TreeMap<>();
    private final ByteBuffer data;

    private Reference(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(bytes.getLong(0));
        data = bytes.slice(8 + header, file.length - 8 - header).order(ByteOrder.LITTLE_ENDIAN);
        JsonNode json = JsonMapper.shared().readTree(file, 8, header);
        for (Map.Entry<String, JsonNode> property : json.properties()) {
            JsonNode value = property.getValue();
            if (property.getKey().equals("__metadata__")) {
                value.properties()
                        .forEach(m -> meta.put(m.getKey(), m.getValue().asString()));
            } else {
                List<Integer> shape =
                        value.get("shape").valueStream().map(JsonNode::asInt).toList();
                JsonNode offsets = value.get("data_offsets");
                int begin = offsets.get(0).asInt();
                entries.put(
                        property.getKey(),
                        new Entry(
                                value.get("dtype").asString(),
                                shape,
                                begin,
                                offsets.get(1).asInt()));
            }
        }
    }

    /** Reads {@code src/test/resources/reference/NAME.safetensors}. */
    public static Reference of(String name) {
        String resource = "/reference/" + name + ".safetensors";
        try (InputStream in = Reference.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no test resource " + resource);
            }
            return new Reference(in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException(resource, e);
        }
    }

    /** The tensors' names, sorted. */
    public Iterable<String> names() {
        return entries.keySet();
    }

    /** Whether there is a tensor of that name. */
    public boolean has(String name) {
        return entries.containsKey(name);
    }

    /** The sizes of a tensor. */
    public int[] shape(String name) {
        return entry(name).shape.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The values of a tensor of any dtype. */
    public double[] doubles(String name) {
        Entry entry = entry(name);
        int width = switch (entry.dtype) {
            case "F64", "I64" -> 8;
            case "F32", "I32" -> 4;
            case "U8", "BOOL" -> 1;
            default -> throw new IllegalArgumentException(name + " is " + entry.dtype);
        };
        double[] values = new double[(entry.end - entry.begin) / width];
        for (int i = 0; i < values.length; i++) {
            int at = entry.begin + i * width;
            values[i] = switch (entry.dtype) {
                case "F64" -> data.getDouble(at);
                case "F32" -> data.getFloat(at);
                case "I64" -> data.getLong(at);
                case "I32" -> data.getInt(at);
                default -> data.get(at) & 0xff;
            };
        }
        return values;
    }

    /** The values of a tensor, rounded to float; exact for F32. */
    public float[] floats(String name) {
        double[] wide = doubles(name);
        float[] values = new float[wide.length];
        for (int i = 0; i < wide.length; i++) {
            values[i] = (float) wide[i];
        }
        return values;
    }

    /** The values of an integer tensor; exact below 2^53. */
    public long[] longs(String name) {
        return Arrays.stream(doubles(name)).mapToLong(value -> (long) value).toArray();
    }

    /** Whether the file has that parameter. */
    public boolean hasMeta(String key) {
        return meta.containsKey(key);
    }

    /** A parameter of the file (JSON text where it is not a string). */
    public String meta(String key) {
        String value = meta.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no meta " + key + ", there are " + meta.keySet());
        }
        return value;
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("no tensor " + name + ", there are " + entries.keySet());
        }
        return entry;
    }
}
