package org.voco4j.downstream.model;

/** The weight of a voxel by its place in a window. */
public enum Blend {
    /** 1 everywhere. */
    CONSTANT,
    /** Largest in the middle, where a network sees the most around a voxel. */
    GAUSSIAN
}
