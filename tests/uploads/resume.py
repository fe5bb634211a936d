"""Uploads a file with tuspy, forgets the client half way, and lets a new one finish. Prints what happened as JSON.

resume.py ENDPOINT TOKEN FILE CHUNK_BYTES
"""

import json
import sys

from tusclient import client

endpoint, token, path, chunk = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])


def new_client():
    return client.TusClient(endpoint, headers={"Authorization": f"Bearer {token}"})


first = new_client().uploader(path, chunk_size=chunk, metadata={"filename": "clip.mp4"})
first.upload_chunk()
first.upload_chunk()
url, kept = first.url, first.offset
del first

second = new_client().uploader(path, chunk_size=chunk, url=url)
resumed_at = second.offset
second.upload()
print(json.dumps({"url": url, "kept": kept, "resumed_at": resumed_at}))
