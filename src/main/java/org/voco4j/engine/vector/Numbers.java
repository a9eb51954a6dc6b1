package org.voco4j.engine.vector;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Numbers outside Java's heap, of 32 bits or brain floats of 16, read and written as 32 bits. */
public abstract sealed class Numbers {
    private Numbers() {}

    /** Numbers of 32 bits. */
    public static Numbers floats(ByteBuffer memory) {
        return new Floats(memory.asFloatBuffer());
    }

    /** Brain floats: the upper half of 32 bits, rounded to the nearest, to even in the middle. */
    public static Numbers brainFloats(ByteBuffer memory) {
        return new BrainFloats(memory.asShortBuffer());
    }

    /** How many. */
    abstract int count();

    /** Room that {@link #get} and {@link #put} need for so many numbers, of one thread. */
    abstract short[] room(int numbers);

    abstract void get(int from, float[] into, int count, short[] room);

    abstract void put(int from, float[] values, int count, short[] room);

    private static final class Floats extends Numbers {
        private static final short[] NO_ROOM = {};
        private final FloatBuffer memory;

        Floats(FloatBuffer memory) {
            this.memory = memory;
        }

        @Override
        int count() {
            return memory.capacity();
        }

        @Override
        short[] room(int numbers) {
            return NO_ROOM;
        }

        @Override
        void get(int from, float[] into, int count, short[] room) {
            memory.get(from, into, 0, count);
        }

        @Override
        void put(int from, float[] values, int count, short[] room) {
            memory.put(from, values, 0, count);
        }
    }

    private static final class BrainFloats extends Numbers {
        private final ShortBuffer memory;

        BrainFloats(ShortBuffer memory) {
            this.memory = memory;
        }

        @Override
        int count() {
            return memory.capacity();
        }

        @Override
        short[] room(int numbers) {
            return new short[numbers];
        }

        @Override
        void get(int from, float[] into, int count, short[] room) {
            memory.get(from, room, 0, count);
            BrainFloatLanes.widen(room, into, count);
        }

        @Override
        void put(int from, float[] values, int count, short[] room) {
            BrainFloatLanes.narrow(values, room, count);
            memory.put(from, room, 0, count);
        }
    }
}
