package org.voco4j.engine.tensor;

/** The numbers that a network's large operations are computed with; weights, losses and sums stay in 32 bits. */
public enum Precision {
    /** 32-bit floats throughout. */
    FP32,
    /** Convolutions and linear maps in 16-bit brain floats, by libtorch's autocast. */
    BF16
}
