package org.voco4j.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.voco4j.engine.tensor.DType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** The structure of a {@code .safetensors} file; its header is read as a stream, so that it takes what its tensors take. */
final class SafetensorsReader {
    static final String FORMAT = "safetensors";

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(
                    TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES) // a table of names would grow with the file
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(4 << 20).build())
            .build();
    private static final long LONGEST_HEADER = 100L << 20;
    private static final int MOST_DIMENSIONS = 64; // libtorch's limit

    /** Number formats that exist and that we do not have. */
    private static final Set<String> FOREIGN = Set.of(
            "U16",
            "U32",
            "U64",
            "C64",
            "C128",
            "F8_E5M2",
            "F8_E4M3",
            "F8_E5M2FNUZ",
            "F8_E4M3FNUZ",
            "F8_E8M0",
            "F6_E2M3",
            "F6_E3M2",
            "F4");

    private final FileBytes file;
    private final Budget budget;
    private final Map<Object, Object> content = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, ByteRange> extents = new HashMap<>();

    private SafetensorsReader(FileBytes file, Budget budget) {
        this.file = file;
        this.budget = budget;
    }

    /**
     * Whether a file begins as one: a length that fits, then a JSON object. Its first byte alone tells nothing: one length in
     * 256 begins as a pickle does.
     */
    static boolean begins(byte[] start, long size) {
        if (start.length < 9) {
            return false;
        }
        long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return length >= 2 && length <= size - 8 && start[8] == '{';
    }

    /** Reads the header and checks that its tensors are the whole of what follows it. */
    static Structure read(FileBytes file, Budget budget) throws IOException {
        if (file.size() < 8) {
            throw file.wrong("is no .safetensors file: it has only " + file.size() + " bytes");
        }
        long length = file.at(0, 8).getLong();
        if (length < 2 || length > file.size() - 8 || length > LONGEST_HEADER) {
            throw file.wrong("is no whole .safetensors file: its header would have " + length + " bytes, the file has "
                    + file.size());
        }
        SafetensorsReader reader = new SafetensorsReader(file, budget);
        file.range(8, 8 + length);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), file.stream())) {
            reader.header(parser, 8 + length);
        } catch (JacksonException malformed) {
            throw file.wrong("is no .safetensors file: its header is not the JSON of one", malformed);
        }
        reader.checkCover(8 + length);
        return new Structure(FORMAT, reader.content, reader.metadata, reader.extents);
    }

    private void header(JsonParser parser, long dataStart) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw file.wrong("is no .safetensors file: its header is not a JSON object");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = name(parser);
            parser.nextToken();
            if (name.equals("__metadata__")) {
                metadata(parser);
            } else {
                tensor(name, parser, dataStart);
            }
        }
        if (parser.nextToken() != null) {
            throw file.wrong("is no .safetensors file: its header goes on after its JSON object");
        }
    }

    private String name(JsonParser parser) throws IOException {
        String name = parser.currentName();
        budget.charge(96 + 2L * name.length());
        return name;
    }

    private void metadata(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw file.wrong("has metadata that are no JSON object");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = name(parser);
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw file.wrong("has the metadata " + key + ", which is no string");
            }
            String value = parser.getString();
            budget.charge(64 + 4L * value.length());
            if (metadata.put(key, value) != null) {
                throw file.wrong("has the metadata " + key + " twice");
            }
        }
    }

    private void tensor(String name, JsonParser parser, long dataStart) throws IOException {
        String where = "has the tensor " + name;
        String dtype = null;
        long[] shape = null;
        long[] range = null;
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw file.wrong(where + ", which is no JSON object");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = name(parser);
            JsonToken token = parser.nextToken();
            if (field.equals("dtype") && dtype == null && token == JsonToken.VALUE_STRING) {
                dtype = parser.getString();
                budget.charge(64 + 4L * dtype.length());
            } else if (field.equals("shape") && shape == null && token == JsonToken.START_ARRAY) {
                shape = numbers(where, parser);
            } else if (field.equals("data_offsets") && range == null && token == JsonToken.START_ARRAY) {
                range = numbers(where, parser);
            } else {
                throw file.wrong(where + " with a malformed, repeated or unknown field '" + field + "'");
            }
        }
        if (dtype == null || shape == null || range == null || range.length != 2) {
            throw file.wrong(where + " without a dtype, a shape or two data_offsets");
        }
        long bytes = range[1] - range[0];
        if (bytes < 0) {
            throw file.wrong(where + " with offsets " + range[0] + " to " + range[1]);
        }
        budget.charge(400);
        Object part;
        if (FOREIGN.contains(dtype)) {
            part = new Opaque("tensor of " + dtype);
        } else {
            DType type = type(where, dtype);
            long needed = bytes(where, type, shape);
            if (needed != bytes) {
                throw file.wrong(where + " of shape " + Arrays.toString(shape) + ", which needs " + needed
                        + " bytes; its offsets are " + range[0] + " to " + range[1]);
            }
            part = new StoredTensor(type, shape, StoredTensor.rowMajor(shape), 0, name);
        }
        if (content.put(name, part) != null) {
            throw file.wrong(where + " twice");
        }
        extents.put(name, new ByteRange(dataStart + range[0], bytes, ByteRange.UNKNOWN));
    }

    private long[] numbers(String where, JsonParser parser) throws IOException {
        long[] numbers = new long[MOST_DIMENSIONS];
        int count = 0;
        budget.charge(16 + 16L * MOST_DIMENSIONS);
        while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT && count < numbers.length) {
            numbers[count] = parser.getLongValue();
            if (numbers[count++] < 0) {
                throw file.wrong(where + " with the negative number " + numbers[count - 1]);
            }
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw file.wrong(where + " with a malformed shape or malformed offsets");
        }
        return Arrays.copyOf(numbers, count);
    }

    private long bytes(String where, DType type, long[] shape) throws IOException {
        try {
            long bytes = type.bytes();
            boolean empty = false;
            for (long size : shape) {
                empty |= size == 0;
                bytes = Math.multiplyExact(bytes, Math.max(1, size));
            }
            return empty ? 0 : bytes;
        } catch (ArithmeticException huge) {
            throw file.wrong(where + ", which claims the impossible shape " + Arrays.toString(shape), huge);
        }
    }

    private DType type(String where, String name) throws IOException {
        try {
            return DType.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            throw file.wrong(
                    where + " with the number format '" + name + "', expected one of "
                            + Arrays.toString(DType.values()),
                    unknown);
        }
    }

    /** The tensors must be the whole of the data, as the format demands: a shorter file was cut, a longer one is not ours. */
    private void checkCover(long dataStart) throws IOException {
        List<ByteRange> sorted = new ArrayList<>(extents.values());
        budget.charge(16L * sorted.size());
        sorted.sort(Comparator.comparingLong(ByteRange::from).thenComparingLong(ByteRange::bytes));
        long end = dataStart;
        boolean gap = false;
        for (ByteRange extent : sorted) {
            gap |= extent.from() != end;
            end = Math.max(end, extent.from() + extent.bytes());
        }
        if (end != file.size()) {
            throw file.wrong("is not whole: expected " + (end - dataStart) + " bytes of tensors, found "
                    + (file.size() - dataStart));
        }
        if (gap) {
            throw file.wrong("has tensors that overlap or leave gaps");
        }
    }
}
