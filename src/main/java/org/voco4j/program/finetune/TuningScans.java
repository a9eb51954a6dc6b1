package org.voco4j.program.finetune;

import java.util.List;
import java.util.Map;

/** What scans of fine-tuning have in common, whatever is learned from them. */
public interface TuningScans {
    /** Names of the scans to train on, in a fixed order. */
    List<String> training();

    /** Names of the scans that are never trained on. */
    List<String> heldOut();

    /** Channels of every scan. */
    int channels();

    /** Names of the classes. */
    List<String> classes();

    /** Identifies scans, truth and preparation, so that a resume on others is refused. */
    String digest();

    /** Name → what tells a scan's file from others; empty where there are no files. */
    Map<String, String> contents();
}
