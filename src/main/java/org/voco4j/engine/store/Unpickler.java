package org.voco4j.engine.store;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pickle (protocols 0 to 5) into plain containers, numbers, text and tensors that are not read yet, and nothing else:
 * whatever a pickle asks to call, nothing is executed.
 *
 * <p>A stack machine without recursion. Objects of other classes become {@link Opaque}, and what is put into them is
 * dropped. Everything made is charged to the budget before it is made.
 */
final class Unpickler {
    private static final int LONGEST_NUMBER = 255; // bytes; text of that length is converted at no cost that matters
    private static final int LONGEST_KEY = 16; // items of a tuple that is a key: hashing costs as much each time
    private static final int LONGEST_TEXT = 1000; // characters of such an item

    private final FileBytes file;
    private final Budget budget;
    private final PickleCalls calls;
    private final PickleStack stack;
    private long opcodeAt;

    private Unpickler(FileBytes file, Budget budget, PickleCalls calls) {
        this.file = file;
        this.budget = budget;
        this.calls = calls;
        this.stack = new PickleStack(budget);
    }

    /**
     * Reads the pickle at the file's place, up to its end mark.
     *
     * @throws IOException if it is damaged, asks to run a program, or would take more memory than the budget has
     */
    static @Nullable Object read(FileBytes file, Budget budget, PickleCalls calls) throws IOException {
        Unpickler unpickler = new Unpickler(file, budget, calls);
        try {
            return unpickler.run();
        } catch (RuntimeException malformed) { // an index, a cast, a number: the bytes are not what a pickler writes
            throw file.wrong("is damaged: its pickle makes no sense at byte " + unpickler.opcodeAt, malformed);
        }
    }

    private @Nullable Object run() throws IOException {
        while (true) {
            opcodeAt = file.position();
            int opcode = file.u8();
            if (opcode == '.') {
                return stack.pop();
            }
            if (!number(opcode) && !text(opcode) && !container(opcode) && !bookkeeping(opcode) && !object(opcode)) {
                throw file.wrong(String.format(
                        "is damaged or needs more than plain data: byte %d of its pickle is 0x%02x", opcodeAt, opcode));
            }
        }
    }

    // ---- values ----

    private boolean number(int opcode) throws IOException {
        switch (opcode) {
            case 'N' -> stack.push(null);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'K' -> stack.push(whole(file.u8()));
            case 'M' -> stack.push(whole(file.u16()));
            case 'J' -> stack.push(whole(file.i32()));
            case 0x8a -> stack.push(whole(file.u8(), true));
            case 0x8b -> stack.push(whole(file.u32(), true));
            case 'G' -> {
                budget.charge(24);
                stack.push(Double.longBitsToDouble(Long.reverseBytes(file.i64())));
            }
            case 'F' -> {
                budget.charge(24);
                stack.push(Double.valueOf(shortLine()));
            }
            case 'I' -> {
                String digits = shortLine();
                stack.push(
                        digits.equals("01")
                                ? (Object) true
                                : digits.equals("00") ? false : whole(new BigInteger(digits)));
            }
            case 'L' -> {
                String digits = shortLine();
                stack.push(whole(
                        new BigInteger(digits.endsWith("L") ? digits.substring(0, digits.length() - 1) : digits)));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private String shortLine() throws IOException {
        String line = file.line(budget).strip();
        if (line.length() > LONGEST_NUMBER) {
            throw file.wrong("is refused: it holds a number of " + line.length() + " characters");
        }
        budget.charge(256); // what parsing it takes
        return line;
    }

    private Object whole(long value) throws IOException {
        budget.charge(24);
        return value;
    }

    /** Two's complement, least byte first. */
    private Object whole(long bytes, boolean littleEndian) throws IOException {
        if (bytes > LONGEST_NUMBER) {
            throw file.wrong("is refused: it holds a whole number of " + bytes + " bytes");
        }
        byte[] digits = file.bytes(bytes, budget);
        for (int i = 0, j = digits.length - 1; littleEndian && i < j; i++, j--) {
            byte swapped = digits[i];
            digits[i] = digits[j];
            digits[j] = swapped;
        }
        budget.charge(80 + bytes);
        return digits.length == 0 ? whole(0) : whole(new BigInteger(digits));
    }

    private Object whole(BigInteger value) throws IOException {
        return value.bitLength() < 64 ? whole(value.longValue()) : value;
    }

    private boolean text(int opcode) throws IOException {
        switch (opcode) {
            case 'X', 'T' -> stack.push(file.text(file.u32(), budget));
            case 0x8c, 'U' -> stack.push(file.text(file.u8(), budget));
            case 0x8d -> stack.push(file.text(file.i64(), budget));
            case 'V' -> stack.push(PickleText.unescaped(file.line(StandardCharsets.ISO_8859_1, budget), false, budget));
            case 'S' -> stack.push(PickleText.unquoted(file.line(StandardCharsets.ISO_8859_1, budget), budget));
            case 'C' -> skipBytes(file.u8());
            case 'B' -> skipBytes(file.u32());
            case 0x8e, 0x96 -> skipBytes(file.i64());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void skipBytes(long length) throws IOException {
        file.skip(length);
        stack.push(PickleCalls.BYTES);
    }

    // ---- containers ----

    private boolean container(int opcode) throws IOException {
        switch (opcode) {
            case ')' -> stack.push(tuple(List.of()));
            case 't' -> stack.push(tuple(stack.popToMark()));
            case 0x85 -> stack.push(tuple(stack.last(1)));
            case 0x86 -> stack.push(tuple(stack.last(2)));
            case 0x87 -> stack.push(tuple(stack.last(3)));
            case ']', 0x8f -> stack.push(list());
            case 'l', 0x91 -> {
                List<@Nullable Object> items = stack.popToMark();
                append(list(), items, true);
            }
            case '}' -> stack.push(map());
            case 'd' -> {
                List<@Nullable Object> items = stack.popToMark();
                put(map(), items, true);
            }
            case 'a' -> {
                List<@Nullable Object> item = stack.last(1);
                append(stack.top(), item, false);
            }
            case 'e', 0x90 -> {
                List<@Nullable Object> items = stack.popToMark();
                append(stack.top(), items, false);
            }
            case 's' -> {
                List<@Nullable Object> pair = stack.last(2);
                put(stack.top(), pair, false);
            }
            case 'u' -> {
                List<@Nullable Object> items = stack.popToMark();
                put(stack.top(), items, false);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private Tuple tuple(List<@Nullable Object> items) throws IOException {
        budget.charge(80 + 8L * items.size());
        return new Tuple(items);
    }

    private List<@Nullable Object> list() throws IOException {
        budget.charge(80);
        return new ArrayList<>();
    }

    private Map<@Nullable Object, @Nullable Object> map() throws IOException {
        budget.charge(144);
        return new LinkedHashMap<>();
    }

    @SuppressWarnings("unchecked") // every list that reaches the stack is one of ours
    private void append(@Nullable Object target, List<@Nullable Object> items, boolean push) throws IOException {
        if (target instanceof List<?> list) {
            budget.charge(24L * items.size());
            ((List<@Nullable Object>) list).addAll(items);
        } else if (!(target instanceof Opaque)) {
            throw file.wrong("is damaged: at byte " + opcodeAt + " of its pickle items are added to what is no list");
        }
        if (push) {
            stack.push(target);
        }
    }

    @SuppressWarnings("unchecked") // every map that reaches the stack is one of ours
    private void put(@Nullable Object target, List<@Nullable Object> items, boolean push) throws IOException {
        if (items.size() % 2 != 0 || !(target instanceof Map<?, ?> || target instanceof Opaque)) {
            throw file.wrong(
                    "is damaged: at byte " + opcodeAt + " of its pickle pairs are put into what is no dictionary");
        }
        if (target instanceof Map<?, ?> map) {
            budget.charge(48L * items.size());
            for (int i = 0; i < items.size(); i += 2) {
                ((Map<@Nullable Object, @Nullable Object>) map).put(key(items.get(i)), items.get(i + 1));
            }
        }
        if (push) {
            stack.push(target);
        }
    }

    /** A key whose hash costs little. Pickled optimisers have tensors as keys; such dictionaries are dropped with them. */
    private @Nullable Object key(@Nullable Object key) throws IOException {
        boolean handy = key instanceof Tuple tuple
                ? tuple.items().size() <= LONGEST_KEY && tuple.items().stream().allMatch(Unpickler::isShort)
                : Structure.isPlain(key) || key instanceof StoredTensor || key instanceof Opaque;
        if (!handy) {
            throw file.wrong("is refused: at byte " + opcodeAt + " a dictionary has a key " + Structure.PLAIN_KEYS);
        }
        return key;
    }

    private static boolean isShort(@Nullable Object item) {
        return Structure.isPlain(item) && !(item instanceof String text && text.length() > LONGEST_TEXT);
    }

    // ---- stack and memory ----

    private boolean bookkeeping(int opcode) throws IOException {
        switch (opcode) {
            case 0x80 -> {
                int protocol = file.u8();
                if (protocol > 5) {
                    throw file.wrong("is a pickle of protocol " + protocol + ", expected one from 0 to 5");
                }
            }
            case 0x95 -> file.skip(8); // the length of a frame
            case '(' -> stack.mark();
            case '0' -> stack.drop();
            case '1' -> stack.popToMark();
            case '2' -> stack.push(stack.top());
            case 'q' -> stack.remember(file.u8());
            case 'r' -> stack.remember(file.u32());
            case 'p' -> stack.remember(Long.parseLong(shortLine()));
            case 0x94 -> stack.remember();
            case 'h' -> stack.push(stack.recall(file.u8()));
            case 'j' -> stack.push(stack.recall(file.u32()));
            case 'g' -> stack.push(stack.recall(Long.parseLong(shortLine())));
            default -> {
                return false;
            }
        }
        return true;
    }

    // ---- objects ----

    private boolean object(int opcode) throws IOException {
        switch (opcode) {
            case 'c' -> stack.push(calls.global(file.line(budget), file.line(budget)));
            case 0x93 -> {
                String name = (String) stack.popValue();
                stack.push(calls.global((String) stack.popValue(), name));
            }
            case 'i' -> {
                Opaque type = calls.global(file.line(budget), file.line(budget));
                stack.push(calls.call(type, tuple(stack.popToMark())));
            }
            case 'o' -> {
                List<@Nullable Object> items = stack.popToMark();
                stack.push(calls.call(items.get(0), tuple(items.subList(1, items.size()))));
            }
            case 'R', 0x81 -> {
                Tuple arguments = (Tuple) stack.popValue();
                stack.push(calls.call(stack.pop(), arguments));
            }
            case 0x92 -> {
                stack.pop(); // arguments by name
                Tuple arguments = (Tuple) stack.popValue();
                stack.push(calls.call(stack.pop(), arguments));
            }
            case 'b' -> stack.pop(); // attributes: of a state dictionary its versions, of other objects nothing we keep
            case 'Q' -> stack.push(calls.persistent(stack.pop()));
            default -> {
                return false;
            }
        }
        return true;
    }
}
