package main

import (
	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
)

// variants adds flags that say what is wrong with a notice.
func variants(cmd *cobra.Command, h *control.Variants) {
	cmd.Flags().Var(whole[int]{&h.Duplicate, 0, 1000}, "duplicate", "further identical deliveries of the notice")
	cmd.Flags().Var(span{d: &h.Late}, "late", "how much later the notice comes, sandbox time")
	cmd.Flags().BoolVar(&h.Never, "never", false, "the notice never comes")
	cmd.Flags().BoolVar(&h.Reorder, "reorder", false, "the notice comes after the requestor's next one")
	cmd.Flags().StringSliceVar(&h.Variant, "variant", nil, "what is wrong in the notice: stale-time, wrong-signature, unknown-key, cut-ciphertext, unknown-field, unknown-token, huge-batch")
	cmd.Flags().StringSliceVar(&h.Hostile, "hostile", nil, "the former name of --variant") //nolint:staticcheck // read for one more release
	_ = cmd.Flags().MarkHidden("hostile")
}
