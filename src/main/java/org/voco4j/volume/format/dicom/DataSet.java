package org.voco4j.volume.format.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A data set: elements in the order of their tags (PS3.5 section 7).
 *
 * <p>Values are kept as the bytes of explicit VR little endian, whatever the file's transfer syntax, and read when they are
 * asked for. So an element that nobody understands can be kept, left out or copied, and text keeps its characters' bytes.
 */
public final class DataSet {
    private static final int MOST_VALUES = 1 << 16; // of an element that is read: one for each frame is the most

    private final TreeMap<Integer, Element> elements = new TreeMap<>(Integer::compareUnsigned);
    private final Charset inherited;

    /**
     * An element.
     *
     * @param value the bytes; none for a sequence
     * @param items the data sets of a sequence
     */
    record Element(int tag, Vr vr, byte[] value, List<DataSet> items) {}

    /** A value that is not of the kind it must be; says the element, never the value. */
    public static final class MalformedException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        MalformedException(int tag, String expected, String found) {
            super(Tag.words(tag) + ": expected " + expected + ", found " + found);
        }
    }

    /** An empty one, whose characters are ASCII until it says others. */
    public DataSet() {
        this(StandardCharsets.ISO_8859_1);
    }

    /** An empty one inside another, whose characters hold until it says its own. */
    DataSet(Charset inherited) {
        this.inherited = inherited;
    }

    /** Whether no element is there. */
    boolean isEmpty() {
        return elements.isEmpty();
    }

    /** Whether an element is there, with or without a value. */
    public boolean has(int tag) {
        return elements.containsKey(tag);
    }

    /** The first value as text without the blanks around it; null if it is absent or empty. */
    public @Nullable String string(int tag) {
        Element element = elements.get(tag);
        String text = element == null ? "" : text(element);
        int end = element != null && vr(element).hasSeveral() ? text.indexOf('\\') : -1;
        String first = trimmed(end < 0 ? text : text.substring(0, end));
        return first.isEmpty() ? null : first;
    }

    /**
     * All values as text without the blanks around them; none if it is absent or empty.
     *
     * @throws MalformedException if there are more than anything has
     */
    public List<String> strings(int tag) {
        Element element = elements.get(tag);
        if (element == null || element.value.length == 0) {
            return List.of();
        }
        String text = text(element);
        String[] values = vr(element).hasSeveral() ? text.split("\\\\", MOST_VALUES + 1) : new String[] {text};
        if (values.length > MOST_VALUES) {
            throw tooMany(tag);
        }
        return Arrays.stream(values).map(DataSet::trimmed).toList();
    }

    private String text(Element element) {
        boolean translated =
                element.tag != Tag.SPECIFIC_CHARACTER_SET && vr(element).isTranslated();
        return new String(element.value, translated ? charset() : StandardCharsets.ISO_8859_1);
    }

    private static MalformedException tooMany(int tag) {
        return new MalformedException(tag, "at most " + MOST_VALUES + " values", "more");
    }

    /**
     * All values as whole numbers; none if it is absent or empty.
     *
     * @throws MalformedException if one is none, or does not fit
     */
    public int[] ints(int tag) {
        return Arrays.stream(longs(tag)).mapToInt(value -> fitting(tag, value)).toArray();
    }

    /** The first value as a whole number, or another where there is none. */
    public int integer(int tag, int absent) {
        long[] values = longs(tag);
        return values.length == 0 ? absent : fitting(tag, values[0]);
    }

    private static int fitting(int tag, long value) {
        if (value != (int) value) {
            throw new MalformedException(tag, "a number of 32 bits", "a larger one");
        }
        return (int) value;
    }

    /**
     * All values as whole numbers of 64 bits; none if it is absent or empty. Unsigned ones of 64 bits lie below 2^63.
     *
     * @throws MalformedException if one is none
     */
    public long[] longs(int tag) {
        Element element = elements.get(tag);
        if (element == null) {
            return new long[0];
        }
        return switch (vr(element)) {
            case US, SS, UL, SL, SV, UV, OB, OW, OL, OV, UN -> {
                ByteBuffer in = numbers(element);
                long[] values = new long[in.remaining() / vr(element).bytes];
                for (int i = 0; i < values.length; i++) {
                    values[i] = whole(in, vr(element));
                }
                yield values;
            }
            case AT -> {
                ByteBuffer in = numbers(element);
                long[] values = new long[in.remaining() / 4];
                for (int i = 0; i < values.length; i++) {
                    values[i] = ((in.getShort() & 0xffffL) << 16) | (in.getShort() & 0xffff);
                }
                yield values;
            }
            default ->
                Arrays.stream(doubles(tag))
                        .mapToLong(value -> {
                            if (value != Math.rint(value)) {
                                throw new MalformedException(tag, "whole numbers", "others");
                            }
                            return (long) value;
                        })
                        .toArray();
        };
    }

    private static long whole(ByteBuffer in, Vr vr) {
        return switch (vr) {
            case SS -> in.getShort();
            case US, OW -> in.getShort() & 0xffff;
            case SL -> in.getInt();
            case UL, OL -> in.getInt() & 0xffffffffL;
            case SV, UV, OV -> in.getLong();
            default -> in.get() & 0xff;
        };
    }

    /**
     * All values as finite numbers; none if it is absent or empty.
     *
     * @throws MalformedException if one is none
     */
    public double[] doubles(int tag) {
        Element element = elements.get(tag);
        if (element == null || element.value.length == 0) {
            return new double[0];
        }
        double[] values = switch (vr(element)) {
            case FL, OF -> {
                ByteBuffer in = numbers(element);
                double[] floats = new double[in.remaining() / 4];
                Arrays.setAll(floats, i -> in.getFloat(4 * i));
                yield floats;
            }
            case FD, OD -> {
                ByteBuffer in = numbers(element);
                double[] doubles = new double[in.remaining() / 8];
                Arrays.setAll(doubles, i -> in.getDouble(8 * i));
                yield doubles;
            }
            case DS, IS, UC, LO, SH, CS -> texts(tag);
            case SQ -> throw new MalformedException(tag, "numbers", "a sequence");
            case AT, OB, OL, OV, OW, SL, SS, SV, UL, UN, US, UV ->
                Arrays.stream(longs(tag)).asDoubleStream().toArray();
            default -> throw new MalformedException(tag, "numbers", "text of another kind");
        };
        if (!Arrays.stream(values).allMatch(Double::isFinite)) {
            throw new MalformedException(tag, "finite numbers", "others");
        }
        return values;
    }

    /** The first value as a number, or another where there is none. */
    public double number(int tag, double absent) {
        double[] values = doubles(tag);
        return values.length == 0 ? absent : values[0];
    }

    private double[] texts(int tag) {
        List<String> strings = strings(tag);
        if (strings.stream().allMatch(String::isEmpty)) {
            return new double[0];
        }
        double[] values = new double[strings.size()];
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = Double.parseDouble(strings.get(i));
            } catch (NumberFormatException e) {
                throw new MalformedException(tag, "numbers", "other text");
            }
        }
        return values;
    }

    /** The data sets of a sequence; none if it is absent, empty or could not be read as one. */
    public List<DataSet> items(int tag) {
        Element element = elements.get(tag);
        return element == null ? List.of() : element.items;
    }

    /** The first data set of a sequence; null if there is none. */
    public @Nullable DataSet item(int tag) {
        List<DataSet> items = items(tag);
        return items.isEmpty() ? null : items.get(0);
    }

    /** The bytes of a value, little endian; not to be changed. None if it is absent or a sequence. */
    public byte[] bytes(int tag) {
        Element element = elements.get(tag);
        return element == null ? new byte[0] : element.value;
    }

    /** Sets values of text to those of an element that is known here. */
    public DataSet set(int tag, String... values) {
        return set(tag, Tag.vr(tag), values);
    }

    /**
     * Sets values of text.
     *
     * @throws IllegalArgumentException if the data set's characters do not have those of the text
     */
    public DataSet set(int tag, Vr vr, String... values) {
        Charset charset = vr.isTranslated() ? charset() : StandardCharsets.US_ASCII;
        try {
            ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(String.join("\\", values)));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return setBytes(tag, vr, bytes);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(Tag.words(tag) + ": expected characters of " + charset, e);
        }
    }

    /** Sets whole numbers, as text or as bytes as the element asks. */
    public DataSet setInts(int tag, int... values) {
        Vr vr = Tag.vr(tag);
        if (vr == Vr.AT) {
            byte[] bytes = new byte[4 * values.length];
            ByteBuffer out = little(bytes);
            Arrays.stream(values)
                    .forEach(value -> out.putShort((short) (value >>> 16)).putShort((short) value));
            return setBytes(tag, vr, bytes);
        }
        if (vr.bytes == 0) {
            return set(
                    tag, vr, Arrays.stream(values).mapToObj(Integer::toString).toArray(String[]::new));
        }
        if (vr.bytes > 4) {
            throw new IllegalArgumentException(Tag.words(tag) + ": expected " + vr + ", not whole numbers");
        }
        byte[] bytes = new byte[vr.bytes * values.length];
        ByteBuffer out = little(bytes);
        for (int value : values) {
            switch (vr.bytes) {
                case 1 -> out.put((byte) value);
                case 2 -> out.putShort((short) value);
                default -> out.putInt(value);
            }
        }
        return setBytes(tag, vr, bytes);
    }

    /** Sets numbers, as text of at most 16 characters or as bytes as the element asks. */
    public DataSet setDoubles(int tag, double... values) {
        Vr vr = Tag.vr(tag);
        if (vr == Vr.DS) {
            return set(tag, vr, Arrays.stream(values).mapToObj(DecimalText::of).toArray(String[]::new));
        }
        byte[] bytes = new byte[vr.bytes * values.length];
        ByteBuffer out = little(bytes);
        for (double value : values) {
            switch (vr) {
                case FL, OF -> out.putFloat((float) value);
                case FD, OD -> out.putDouble(value);
                default -> throw new IllegalArgumentException(Tag.words(tag) + ": expected " + vr + ", not numbers");
            }
        }
        return setBytes(tag, vr, bytes);
    }

    /** Sets the data sets of a sequence. */
    public DataSet setItems(int tag, List<DataSet> items) {
        elements.put(tag, new Element(tag, Vr.SQ, new byte[0], List.copyOf(items)));
        return this;
    }

    /** Sets a value to bytes, little endian; an odd number of them is filled up. */
    public DataSet setBytes(int tag, Vr vr, byte[] value) {
        byte[] even = value;
        if (value.length % 2 != 0) {
            even = Arrays.copyOf(value, value.length + 1);
            even[value.length] = vr.padding();
        }
        elements.put(tag, new Element(tag, vr, even, List.of()));
        return this;
    }

    /**
     * Copies elements that another data set has, bytes as they are. Text keeps its meaning only if Specific Character Set is
     * among them.
     */
    public DataSet copy(DataSet from, int... tags) {
        for (int tag : tags) {
            Element element = from.elements.get(tag);
            if (element != null) {
                elements.put(tag, element);
            }
        }
        return this;
    }

    /** All elements in order. */
    Collection<Element> elements() {
        return elements.values();
    }

    /** How text is written: by Specific Character Set, else as in the data set around (PS3.3 section C.12.1.1.2). */
    public Charset charset() {
        Element named = elements.get(Tag.SPECIFIC_CHARACTER_SET);
        return named == null ? inherited : CharacterSets.of(strings(Tag.SPECIFIC_CHARACTER_SET));
    }

    /** Elements of no said representation are read as the standard has them. */
    private static Vr vr(Element element) {
        return element.vr == Vr.UN ? Tag.vr(element.tag) : element.vr;
    }

    private static ByteBuffer numbers(Element element) {
        int size = Math.max(1, vr(element) == Vr.AT ? 4 : vr(element).bytes);
        if (element.value.length / size > MOST_VALUES) {
            throw tooMany(element.tag);
        }
        if (element.value.length % size != 0 && size > 1) {
            throw new MalformedException(element.tag, "numbers of " + size + " bytes", element.value.length + " bytes");
        }
        return little(element.value);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (to > from && text.charAt(to - 1) <= ' ') {
            to--;
        }
        while (from < to && text.charAt(from) <= ' ') {
            from++;
        }
        return text.substring(from, to);
    }

    /** The tags, for whoever looks for what is wrong; no values. */
    @Override
    public String toString() {
        return elements.keySet().stream().map(Tag::words).collect(Collectors.joining(" "));
    }
}
