/** Examples of the document; tests send the requests and hold the answers to their schemas. */

/** A WebP of 48 x 32 pixels. */
export const PICTURE =
  "UklGRkYAAABXRUJQVlA4TDoAAAAvL8AHAB8gECBOlCtQJE1IQFhih//JLCEB0WXZWMvnP7iJkwxq2jaCSrIkj+SbuXNE/ydAWJhZozEz";

export const TAGS = {
  model: "hemline-0.3.1",
  category: [
    ["tee", 0.882],
    ["dress", 0.056],
  ],
  attributes: {
    texture: [["striped", 0.908]],
    fabric: [["jersey", 0.971]],
    shape: [
      ["short_sleeve", 0.977],
      ["regular", 0.647],
    ],
    part: [["crew_neck", 0.866]],
    style: [["casual", 0.891]],
  },
  colors: [
    ["navy", "#23315c", 0.55],
    ["white", "#e7e5df", 0.45],
  ],
  landmarks: {
    left_collar: [0.37, 0.131, 0.991],
    right_collar: [0.632, 0.127, 0.992],
  },
  image: { width: 480, height: 600, format: "jpeg" },
};

export const ASSET = {
  source: "shop",
  id: "folder/7.jpg",
  href: "/v1/assets/shop/folder%2F7.jpg",
  status: "written",
  attempts: 1,
  tags: TAGS,
  created_at: "2026-11-25T20:00:00.000Z",
  updated_at: "2026-11-25T20:00:01.000Z",
};
