package server

import (
	"encoding/base64"
	"strconv"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// assetParam is the path parameter, as the specification spells it.
const assetParam = "AssetId"

// getAsset gives card art, a logo or a text by its id, under which it never
// changes (docs/wire/mdes.md "Operations").
func getAsset(r *request) (answer, *refusal) {
	r.asset = r.x.Param(assetParam)
	return func(sandbox.Result) (any, *refusal) {
		asset, ok := r.box.Asset(r.asset)
		if !ok {
			return nil, refusalOf(token.Refuse(token.UnknownAsset, "no asset has this id"))
		}
		content := mdes.MediaContent{Type: asset.MIME, Data: base64.StdEncoding.EncodeToString(asset.Data)}
		if asset.Height > 0 {
			content.Height, content.Width = strconv.Itoa(asset.Height), strconv.Itoa(asset.Width)
		}
		return mdes.AssetResponse{MediaContents: []mdes.MediaContent{content}}, nil
	}, nil
}
