package io.cairn.volumes.registry;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a volume is between not being there and not being there any more. */
public enum Phase {
    /** Nobody was told of it; it is undone when its creation was interrupted. */
    @JsonProperty("creating")
    CREATING,
    @JsonProperty("ready")
    READY,
    /** Nobody will see it again; its removal is finished when it was interrupted. */
    @JsonProperty("removing")
    REMOVING
}
