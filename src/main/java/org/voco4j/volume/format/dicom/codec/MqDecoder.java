package org.voco4j.volume.format.dicom.codec;

/** The arithmetic decoder of JPEG 2000, which learns for each context how likely a bit is (T.800 annex C). */
final class MqDecoder {
    /** Table C.2: the estimate of the less likely bit, the next state after either, whether the likely bit changes. */
    private static final int[][] STATES = {
        {0x5601, 1, 1, 1}, {0x3401, 2, 6, 0}, {0x1801, 3, 9, 0}, {0x0ac1, 4, 12, 0}, {0x0521, 5, 29, 0},
        {0x0221, 38, 33, 0}, {0x5601, 7, 6, 1}, {0x5401, 8, 14, 0}, {0x4801, 9, 14, 0}, {0x3801, 10, 14, 0},
        {0x3001, 11, 17, 0}, {0x2401, 12, 18, 0}, {0x1c01, 13, 20, 0}, {0x1601, 29, 21, 0}, {0x5601, 15, 14, 1},
        {0x5401, 16, 14, 0}, {0x5101, 17, 15, 0}, {0x4801, 18, 16, 0}, {0x3801, 19, 17, 0}, {0x3401, 20, 18, 0},
        {0x3001, 21, 19, 0}, {0x2801, 22, 19, 0}, {0x2401, 23, 20, 0}, {0x2201, 24, 21, 0}, {0x1c01, 25, 22, 0},
        {0x1801, 26, 23, 0}, {0x1601, 27, 24, 0}, {0x1401, 28, 25, 0}, {0x1201, 29, 26, 0}, {0x1101, 30, 27, 0},
        {0x0ac1, 31, 28, 0}, {0x09c1, 32, 29, 0}, {0x08a1, 33, 30, 0}, {0x0521, 34, 31, 0}, {0x0441, 35, 32, 0},
        {0x02a1, 36, 33, 0}, {0x0221, 37, 34, 0}, {0x0141, 38, 35, 0}, {0x0111, 39, 36, 0}, {0x0085, 40, 37, 0},
        {0x0049, 41, 38, 0}, {0x0025, 42, 39, 0}, {0x0015, 43, 40, 0}, {0x0009, 44, 41, 0}, {0x0005, 45, 42, 0},
        {0x0001, 45, 43, 0}, {0x5601, 46, 46, 0}
    };

    // by state · 2 + the likely bit
    private static final int[] ESTIMATES = new int[2 * STATES.length];
    private static final byte[] AFTER_LIKELY = new byte[2 * STATES.length];
    private static final byte[] AFTER_OTHER = new byte[2 * STATES.length];

    static {
        for (int i = 0; i < 2 * STATES.length; i++) {
            int[] state = STATES[i / 2];
            int likely = i % 2;
            ESTIMATES[i] = state[0];
            AFTER_LIKELY[i] = (byte) (2 * state[1] + likely);
            AFTER_OTHER[i] = (byte) (2 * state[2] + (likely ^ state[3]));
        }
    }

    private final byte[] contexts;
    private byte[] bytes = new byte[0];
    private int at;
    private int end;
    private int code;
    private int interval;
    private int shifts; // until the next byte

    MqDecoder(int contexts) {
        this.contexts = new byte[contexts];
    }

    /** Lets a context begin in a state. */
    void set(int context, int state) {
        contexts[context] = (byte) (2 * state);
    }

    /** Begins with some bytes; contexts stay as they are. */
    void start(byte[] segment, int from, int to) {
        bytes = segment;
        at = from;
        end = to;
        code = next(at) << 16;
        read();
        code <<= 7;
        shifts -= 7;
        interval = 0x8000;
    }

    /** A byte; those after the end are as of a marker. */
    private int next(int i) {
        return i < end ? bytes[i] & 0xff : 0xff;
    }

    private void read() {
        if (next(at) != 0xff) {
            code += next(++at) << 8;
            shifts = 8;
        } else if (next(at + 1) > 0x8f) {
            code += 0xff00;
            shifts = 8;
        } else {
            code += next(++at) << 9;
            shifts = 7;
        }
    }

    /** The next bit in a context. */
    int bit(int context) {
        int state = contexts[context];
        int estimate = ESTIMATES[state];
        interval -= estimate;
        boolean likely;
        if (code >>> 16 < estimate) {
            likely = interval < estimate;
            interval = estimate;
        } else {
            code -= estimate << 16;
            if ((interval & 0x8000) != 0) {
                return state & 1;
            }
            likely = interval >= estimate;
        }
        contexts[context] = likely ? AFTER_LIKELY[state] : AFTER_OTHER[state];
        do {
            if (shifts == 0) {
                read();
            }
            interval <<= 1;
            code <<= 1;
            shifts--;
        } while ((interval & 0x8000) == 0);
        return likely ? state & 1 : ~state & 1;
    }
}
