/** A Worker that takes a body and does nothing: what its process grows by is not ours. */
export default {
  async fetch(request: Request): Promise<Response> {
    await request.arrayBuffer();
    return Response.json({});
  },
};
